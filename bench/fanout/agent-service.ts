import { join } from 'node:path';
import { loadSync } from '@grpc/proto-loader';
import { packageRoot } from '../../shared/io/package-root.js';
import type { AgentServiceDefinition } from '../../shared/wire/gen/capstan/v1/AgentService.js';

/** The agents' service with the options that the generated types are made with; both servers are measured with it. */
export function agentService(): AgentServiceDefinition {
  const loaded = loadSync('capstan/v1/agent.proto', {
    includeDirs: [join(packageRoot(), 'proto')],
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const service: unknown = loaded['capstan.v1.AgentService'];
  return service as AgentServiceDefinition;
}
