import { run } from './command.js';
import { inNamespace, ip, makeNamespace } from './namespaces.js';

/** A host of its own network namespace, on one bridge with the others. */
export interface Host {
  readonly name: string;
  readonly address: string;
  /** A command, to be run there. */
  readonly on: (argv: readonly string[]) => readonly string[];
  /** Bytes that have left this host, with all headers. */
  readonly sentBytes: () => Promise<number>;
}

/**
 * The hosts' network. It lies within 127.0.0.0/8, which each namespace routes over the bridge: as long as the programs
 * speak without TLS on loopback only, this is how they speak between hosts.
 */
const network = '127.77';

/** More than one frame of the largest size that a sender hands over, so that none is dropped for its size. */
const shaping = ['burst', '64kb', 'latency', '100ms'];

/** Connects hosts with a switch that no other network is on; each one's link is shaped in both directions. */
export async function makeFabric(names: readonly string[], rateMbit: number): Promise<readonly Host[]> {
  const bridge = await makeNamespace('bridge');
  await ip('-n', bridge, 'link', 'add', 'br0', 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0');
  await ip('-n', bridge, 'link', 'set', 'br0', 'up');
  const hosts: Host[] = [];
  for (const [index, name] of names.entries()) {
    const address = `${network}.${Math.floor(index / 250)}.${(index % 250) + 1}`;
    hosts.push(await plugIn(bridge, name, address, rateMbit));
  }
  return hosts;
}

async function plugIn(bridge: string, name: string, address: string, rateMbit: number): Promise<Host> {
  const namespace = await makeNamespace(name);
  const port = `p-${name}`;
  await ip('-n', bridge, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  await ip('-n', bridge, 'link', 'set', port, 'master', 'br0', 'up');
  await ip('-n', namespace, 'addr', 'del', '127.0.0.1/8', 'dev', 'lo');
  await ip('-n', namespace, 'addr', 'add', '127.0.0.1/32', 'dev', 'lo');
  await on(namespace, ['sysctl', '-qw', 'net.ipv4.conf.all.route_localnet=1']);
  await ip('-n', namespace, 'addr', 'add', `${address}/16`, 'dev', 'eth0');
  await ip('-n', namespace, 'link', 'set', 'eth0', 'up');
  await shape(bridge, port, rateMbit);
  await shape(namespace, 'eth0', rateMbit);
  return {
    name,
    address,
    on: (argv) => inNamespace(namespace, argv),
    sentBytes: async () => sentIn(await on(namespace, ['cat', '/proc/net/dev'])),
  };
}

async function shape(namespace: string, device: string, rateMbit: number): Promise<void> {
  const qdisc = ['add', 'dev', device, 'root', 'tbf', 'rate', `${rateMbit}mbit`, ...shaping];
  await on(namespace, ['tc', 'qdisc', ...qdisc]);
}

async function on(namespace: string, argv: readonly string[]): Promise<string> {
  return (await run({ argv: inNamespace(namespace, argv), cwd: '/' })).stdout;
}

/** The ninth number after the device's name in what the kernel tells of all devices. */
function sentIn(devices: string): number {
  return Number(/^ *eth0:(?: +\d+){8} +(\d+)/m.exec(devices)?.[1]);
}
