import { join } from 'node:path';
import { loadSync } from '@grpc/proto-loader';
import { packageRoot } from '../io/package-root.js';
import type { OperatorServiceDefinition } from './gen/capstan/v1/OperatorService.js';

/** The operators' service, read from its proto file with the options that the generated types are made with. */
export function loadOperatorService(): OperatorServiceDefinition {
  const loaded = loadSync('capstan/v1/operator.proto', {
    includeDirs: [join(packageRoot(), 'proto')],
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const service: unknown = loaded['capstan.v1.OperatorService'];
  return service as OperatorServiceDefinition;
}
