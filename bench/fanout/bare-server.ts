import { Server, ServerCredentials, type sendUnaryData } from '@grpc/grpc-js';
import type { PollResponse } from '../../shared/wire/gen/capstan/v1/PollResponse.js';
import { agentService } from './agent-service.js';
import type { FromServer, ToServer } from './messages.js';

/**
 * The least that a grpc-js server can do for held polls: keep the callback, call it. No identity, no database,
 * no deadlines; reports are thrown away. What the coordinator costs above this is its own.
 */
const held = new Set<sendUnaryData<PollResponse>>();

const server = new Server({ 'grpc.max_concurrent_streams': 100 });
server.addService(agentService(), {
  Poll: (_call: unknown, callback: sendUnaryData<PollResponse>) => void held.add(callback),
  Report: (call: { request: { sequence: string } }, callback: sendUnaryData<object>) => {
    callback(null, { acknowledged: call.request.sequence });
  },
});

server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  const message: FromServer = { kind: 'listening', address: `127.0.0.1:${port}` };
  process.send?.(message);
});

process.on('message', ({ answer }: ToServer) => {
  for (const callback of held) {
    held.delete(callback);
    callback(null, answer);
  }
});
