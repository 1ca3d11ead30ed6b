import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type ProcessStat, parseProcessStat } from '../../shared/core/proc-stat.js';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Processor time a process has used, user and system, all threads. Milliseconds, in steps of one clock tick (10 ms). */
export function cpuMs(pid: number): number {
  return (statOf(pid).cpuTicks * 1000) / ticksPerSecond;
}

/** Processor time of all children of this process that have ended, with the children that those waited for. Milliseconds. */
export const childrenCpuMs = (): number => childrenOfCpuMs('self');

/** The same of another process. */
export function childrenOfCpuMs(pid: number | 'self'): number {
  return (statOf(pid).childrenCpuTicks * 1000) / ticksPerSecond;
}

function statOf(pid: number | 'self'): ProcessStat {
  const stat = parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (stat === undefined) throw new Error(`/proc/${pid}/stat is cut short`);
  return stat;
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
