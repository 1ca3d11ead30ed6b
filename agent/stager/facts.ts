import { statfs } from 'node:fs/promises';
import { loadavg, uptime } from 'node:os';
import type { HostFacts } from '../../shared/model/node-status.js';
import type { FactsJob, FactsResult } from './protocol.js';

/**
 * What this host is. systeminformation is loaded here and nowhere else: it starts programs and holds memory that
 * the agent itself is not to pay for.
 */
export async function hostFacts({ path }: FactsJob): Promise<FactsResult> {
  const { default: information } = await import('systeminformation');
  const [os, memory, cpu, disk] = await Promise.all([
    information.osInfo(),
    information.mem(),
    information.cpu(),
    statfs(path),
  ]);
  const facts: HostFacts = {
    os: `${os.distro} ${os.release}`.trim(),
    kernel: os.kernel,
    arch: os.arch,
    hostname: os.hostname,
    cpus: cpu.cores,
    memoryTotal: memory.total,
    memoryAvailable: memory.available,
    diskTotal: disk.blocks * disk.bsize,
    diskFree: disk.bavail * disk.bsize,
    load1: loadavg()[0] ?? 0,
    uptimeSeconds: Math.round(uptime()),
    nodeVersion: process.version,
  };
  return { kind: 'result', job: 'facts', facts };
}
