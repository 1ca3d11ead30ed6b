import type { NodeStatus } from '../shared/model/node-status.js';

/**
 * The node's status in Prometheus' text format.
 * @param sentBytes to other nodes since the start; undefined: none are served
 */
export function metricsText(status: NodeStatus, connected: boolean, sentBytes: number | undefined): string {
  const lines = [
    '# HELP capstan_agent_info The running agent.',
    '# TYPE capstan_agent_info gauge',
    `capstan_agent_info{version="${status.agentVersion}"} 1`,
    '# HELP capstan_agent_connected Whether the last poll reached a coordinator.',
    '# TYPE capstan_agent_connected gauge',
    `capstan_agent_connected ${connected ? 1 : 0}`,
    ...(sentBytes === undefined
      ? []
      : [
          '# HELP capstan_agent_peer_sent_bytes_total Bytes of packs sent to other nodes.',
          '# TYPE capstan_agent_peer_sent_bytes_total counter',
          `capstan_agent_peer_sent_bytes_total ${sentBytes}`,
        ]),
    '# HELP capstan_app_ready Whether the readiness endpoint answers 200.',
    '# TYPE capstan_app_ready gauge',
    ...status.apps.map(({ app, ready }) => `capstan_app_ready{app="${app}"} ${ready ? 1 : 0}`),
    '# HELP capstan_app_healthy Whether the probes find what serves healthy.',
    '# TYPE capstan_app_healthy gauge',
    ...status.apps.map(
      ({ app, health }) => `capstan_app_healthy{app="${app}"} ${health === 'healthy' ? 1 : 0}`,
    ),
    '# HELP capstan_app_generation The generation that the phase speaks of.',
    '# TYPE capstan_app_generation gauge',
    ...status.apps.map(
      ({ app, generation, phase, current }) =>
        `capstan_app_generation{app="${app}",phase="${phase}",version="${current?.version ?? ''}"} ${generation}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
