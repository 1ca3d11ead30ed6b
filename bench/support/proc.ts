import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Processor time a process has used, user and system, all threads. Milliseconds, in steps of one clock tick (10 ms). */
export function cpuMs(pid: number): number {
  const [utime = 0, stime = 0] = cpuTicks(`${pid}`);
  return ((utime + stime) * 1000) / ticksPerSecond;
}

/** Processor time of all children of this process that have ended, with the children that those waited for. Milliseconds. */
export const childrenCpuMs = (): number => childrenOfCpuMs('self');

/** The same of another process. */
export function childrenOfCpuMs(pid: number | 'self'): number {
  const [, , utime = 0, stime = 0] = cpuTicks(`${pid}`);
  return ((utime + stime) * 1000) / ticksPerSecond;
}

/** Own user and system time, then that of ended children. Clock ticks. */
function cpuTicks(process: string): readonly number[] {
  const stat = readFileSync(`/proc/${process}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before may hold anything
  return fields.slice(11, 15).map(Number);
}

/** Resident memory of a process. Bytes. */
export function rssBytes(pid: number): number {
  return kibibytes(`/proc/${pid}/status`, 'VmRSS');
}

/** The most resident memory a process ever had. Bytes. */
export function peakRssBytes(pid: number): number {
  return kibibytes(`/proc/${pid}/status`, 'VmHWM');
}

/** Resident memory that belongs to no file: heaps and stacks. Bytes. */
export function anonymousBytes(pid: number): number {
  return kibibytes(`/proc/${pid}/smaps_rollup`, 'Anonymous');
}

function kibibytes(file: string, field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8'));
  if (match === null) throw new Error(`${file} has no ${field}`);
  return Number(match[1]) * 1024;
}
