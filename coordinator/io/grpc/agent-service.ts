import type { handleUnaryCall } from '@grpc/grpc-js';
import type { PollAnswer, PollRequest, ReportRequest } from '../../../shared/model/messages.js';
import type { PeersAnswer, PeersQuestion } from '../../../shared/model/peers.js';
import { agentService, type Received, taken } from '../../../shared/wire/agent-messages.js';
import { statusFromError } from '../../../shared/wire/status.js';
import type { Fleet } from '../../ports/fleet.js';
import type { Peers } from '../../ports/peers.js';
import { type IdentifiedCall, type Identify, requireNode } from './identity.js';
import { reachable } from './peer-address.js';
import type { PollHub } from './poll-hub.js';
import type { Service } from './server.js';

/** The service that agents call, for `startGrpcServer`. */
export function createAgentService({
  fleet,
  hub,
  peers,
  identify,
  renewal,
}: {
  readonly fleet: Fleet;
  readonly peers: Peers;
  readonly hub: PollHub;
  readonly identify: Identify;
  /** Absent under --insecure-loopback. */
  readonly renewal?: Pick<Service, 'definition' | 'implementation'> | undefined;
}): Service {
  const poll: handleUnaryCall<Received<PollRequest>, PollAnswer> = (call, reply) => {
    try {
      const held = hub.take(requireNode(identify(call)), taken(call.request), reply);
      if (held.reply !== undefined) call.on('cancelled', () => hub.cancelled(held));
    } catch (error) {
      reply(statusFromError(error));
    }
  };
  const report: handleUnaryCall<Received<ReportRequest>, number> = (call, reply) => {
    takeReport(call, call.request).then(
      (acknowledged) => reply(null, acknowledged),
      (error: unknown) => reply(statusFromError(error)),
    );
  };
  const takeReport = async (call: IdentifiedCall, received: Received<ReportRequest>): Promise<number> => {
    const { name, address } = requireNode(identify(call));
    const { session, sequence, status, logs, serving } = taken(received);
    await hub.reporting(name, session);
    peers.offers(name, serving === undefined ? undefined : reachable(serving, address));
    for (const { id, text } of logs) hub.answerLogs(name, id, text);
    await fleet.report(name, session, sequence, status);
    return sequence;
  };
  const findPeers: handleUnaryCall<Received<PeersQuestion>, PeersAnswer> = (call, reply) => {
    try {
      reply(null, peers.find(requireNode(identify(call)).name, taken(call.request)));
    } catch (error) {
      reply(statusFromError(error));
    }
  };
  return {
    name: 'capstan.v1.AgentService',
    definition: {
      Poll: agentService.poll,
      Report: agentService.report,
      FindPeers: agentService.findPeers,
      ...renewal?.definition,
    },
    implementation: { Poll: poll, Report: report, FindPeers: findPeers, ...renewal?.implementation },
  };
}
