import type { HostFacts, NodeStatus } from '../shared/model/node-status.js';

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
    ...(status.facts === undefined ? [] : hostLines(status.facts)),
    '# HELP capstan_app_ready Whether the readiness endpoint answers 200.',
    '# TYPE capstan_app_ready gauge',
    ...status.apps.map(({ app, ready }) => `capstan_app_ready{app="${app}"} ${ready ? 1 : 0}`),
    '# HELP capstan_app_standby Whether it is kept out of load as part of an idle group.',
    '# TYPE capstan_app_standby gauge',
    ...status.apps.map(({ app, standby }) => `capstan_app_standby{app="${app}"} ${standby === true ? 1 : 0}`),
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

/** As they were when they were last looked at. */
function hostLines(facts: HostFacts): readonly string[] {
  const { pressure } = facts;
  const gauges: readonly (readonly [name: string, help: string, value: number])[] = [
    ['memory_total_bytes', 'Memory of the host.', facts.memoryTotal],
    ['memory_available_bytes', 'Memory that programs can still have.', facts.memoryAvailable],
    ['disk_total_bytes', 'Size of the fuller one of the disks that Capstan writes to.', facts.diskTotal],
    ['disk_free_bytes', 'What is free on that disk.', facts.diskFree],
    ['load1', 'Load average of a minute.', facts.load1],
  ];
  const lines = gauges.flatMap(([name, help, value]) => [
    `# HELP capstan_host_${name} ${help}`,
    `# TYPE capstan_host_${name} gauge`,
    `capstan_host_${name} ${value}`,
  ]);
  if (pressure === undefined) return lines;
  const name = 'capstan_host_pressure_percent';
  return [
    ...lines,
    `# HELP ${name} Share of 10 seconds in which some work waited for it.`,
    `# TYPE ${name} gauge`,
    ...Object.entries(pressure).map(([resource, share]) => `${name}{resource="${resource}"} ${share}`),
  ];
}
