import type { OperatorServiceHandlers } from '../../../../shared/wire/gen/capstan/v1/OperatorService.js';
import { loadOperatorService } from '../../../../shared/wire/operator-service.js';
import type { Service } from '../server.js';
import { accessCalls } from './calls/access.js';
import { createAnswer } from './calls/answer.js';
import { applicationCalls } from './calls/applications.js';
import { eventCalls } from './calls/events.js';
import { nodeCalls } from './calls/nodes.js';
import { releaseCalls } from './calls/releases.js';
import { rolloutCalls } from './calls/rollouts.js';
import type { OperatorServiceOptions } from './options.js';

/** The service that operators and their scripts call, for `startGrpcServer`. */
export function createOperatorService(options: OperatorServiceOptions): Service {
  const parts = { ...options, ...createAnswer(options) };
  const implementation: OperatorServiceHandlers = {
    ...applicationCalls(parts),
    ...releaseCalls(parts),
    ...rolloutCalls(parts),
    ...nodeCalls(parts),
    ...accessCalls(parts),
    ...eventCalls(parts),
  };
  return { name: 'capstan.v1.OperatorService', definition: loadOperatorService(), implementation };
}
