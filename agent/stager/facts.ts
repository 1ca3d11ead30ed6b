import { statfs } from 'node:fs/promises';
import { loadavg, uptime } from 'node:os';
import { CapstanError } from '../../shared/model/errors.js';
import type { HostFacts } from '../../shared/model/node-status.js';
import { hostPressure } from './pressure.js';
import type { FactsJob, FactsResult } from './protocol.js';

/**
 * What this host is. systeminformation is loaded here and nowhere else: it starts programs and holds memory that
 * the agent itself is not to pay for.
 */
export async function hostFacts({ paths }: FactsJob): Promise<FactsResult> {
  const { default: information } = await import('systeminformation');
  const [os, memory, cpu, disk, pressure] = await Promise.all([
    information.osInfo(),
    information.mem(),
    information.cpu(),
    fullestDisk(paths),
    hostPressure(),
  ]);
  const facts: HostFacts = {
    os: `${os.distro} ${os.release}`.trim(),
    kernel: os.kernel,
    arch: os.arch,
    hostname: os.hostname,
    cpus: cpu.cores,
    memoryTotal: memory.total,
    memoryAvailable: memory.available,
    diskTotal: disk.total,
    diskFree: disk.free,
    load1: loadavg()[0] ?? 0,
    uptimeSeconds: Math.round(uptime()),
    nodeVersion: process.version,
    ...(pressure === undefined ? {} : { pressure }),
  };
  return { kind: 'result', job: 'facts', facts };
}

interface Disk {
  readonly total: number;
  readonly free: number;
}

async function fullestDisk(paths: readonly string[]): Promise<Disk> {
  const disks = await Promise.all(paths.map(diskOf));
  const share = ({ total, free }: Disk): number => (total === 0 ? 1 : free / total);
  const [fullest] = disks.filter((disk) => disk !== undefined).sort((a, b) => share(a) - share(b));
  if (fullest === undefined) throw new CapstanError('failed', `there is no disk below ${paths.join(', ')}`);
  return fullest;
}

async function diskOf(path: string): Promise<Disk | undefined> {
  const found = await statfs(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return { total: found.blocks * found.bsize, free: found.bavail * found.bsize };
}
