import { type Figure, median, percentile } from '../support/figures.js';
import type { BenchOptions } from '../support/options.js';
import { startPeer } from '../support/peer-process.js';
import { cpuMs, rssBytes } from '../support/proc.js';
import { type FromAgents, monotonicMs, type ToAgents } from './messages.js';
import { bareServer, coordinatorServer, type FanoutServer } from './servers.js';

/** What one server did with one fleet, medians over the rounds. */
interface Measured {
  readonly cpuPerAnswerUs: number;
  /** In the first round, where most of the code runs for the first time. */
  readonly coldCpuPerAnswerUs: number;
  readonly cpuPerReportUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly memoryPerPollKb: number;
  readonly answerBytes: number;
}

/** Rounds before the counted ones: what a server that has just started compiles is not what an answer costs. */
const warmUps = 2;

/** How long a server is left alone before its memory is read, so that what connecting took is given back. */
const settleMs = 3_000;

/**
 * A desired version reaches every agent: how long until the last has it, and what that costs the coordinator in
 * processor time and memory, beside a bare grpc-js server that gives the same answer to the same number of held
 * calls. One process plays all agents, each over a connection of its own.
 */
export async function fanout(options: BenchOptions): Promise<readonly Figure[]> {
  const agents = options.agents ?? 5_000;
  const rounds = options.rounds ?? 5;
  const coordinator = await coordinatorServer(agents, warmUps + rounds);
  console.error(`both servers run with node ${coordinator.nodeFlags.join(' ')}`);
  const ours = await measure(coordinator, 'coordinator', agents, rounds);
  await coordinator.end();
  const bare = await bareServer(coordinator.lastAnswer(), coordinator.nodeFlags);
  const theirs = await measure(bare, 'bare', agents, rounds);
  await bare.end();
  return [
    { name: 'agents', value: agents, unit: '' },
    { name: 'size of an answer', value: ours.answerBytes, unit: 'bytes' },
    ...figuresOf('coordinator', ours),
    ...figuresOf('bare grpc-js', theirs),
    {
      name: 'processor time per answer, first round, ratio',
      value: ours.coldCpuPerAnswerUs / theirs.coldCpuPerAnswerUs,
      unit: 'x',
    },
    {
      name: 'processor time per answer, ratio',
      value: ours.cpuPerAnswerUs / theirs.cpuPerAnswerUs,
      unit: 'x',
      reach: 1.5,
    },
    {
      name: 'memory per held poll, ratio',
      value: ours.memoryPerPollKb / theirs.memoryPerPollKb,
      unit: 'x',
      reach: 1.5,
    },
  ];
}

async function measure(
  server: FanoutServer,
  label: string,
  agents: number,
  rounds: number,
): Promise<Measured> {
  const fleet = startPeer<ToAgents, FromAgents>(new URL('./agents.ts', import.meta.url));
  const rssBefore = rssBytes(server.pid);
  fleet.send({ kind: 'connect', address: server.address, count: agents, label });
  await fleet.next('held');
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const memoryPerPollKb = (rssBytes(server.pid) - rssBefore) / agents / 1000;
  let coldCpuPerAnswerUs = 0;
  const results: { cpuUs: number; reportUs: number; delays: readonly number[]; answerBytes: number }[] = [];
  for (let round = 1; round <= warmUps + rounds; round += 1) {
    const before = cpuMs(server.pid);
    const released = monotonicMs();
    await server.release(round);
    const { arrivals, answerBytes, answer } = await fleet.next('answered');
    const after = cpuMs(server.pid);
    server.heard(answer);
    fleet.send({ kind: 'next' });
    await fleet.next('held');
    const reported = cpuMs(server.pid);
    await server.settle();
    const delays = arrivals.map((at) => at - released);
    const cpuUs = ((after - before) * 1000) / agents;
    if (round === 1) coldCpuPerAnswerUs = cpuUs;
    if (round > warmUps)
      results.push({ cpuUs, reportUs: ((reported - after) * 1000) / agents, delays, answerBytes });
    console.error(
      `${label}, round ${round}${round > warmUps ? '' : ' (warm-up)'}: ${cpuUs.toFixed(1)} µs an answer, last after ${Math.max(...delays).toFixed(0)} ms`,
    );
  }
  await fleet.end();
  const medianOf = (value: (result: (typeof results)[number]) => number): number =>
    median(results.map(value));
  return {
    cpuPerAnswerUs: medianOf(({ cpuUs }) => cpuUs),
    coldCpuPerAnswerUs,
    cpuPerReportUs: medianOf(({ reportUs }) => reportUs),
    p50Ms: medianOf(({ delays }) => percentile(delays, 50)),
    p99Ms: medianOf(({ delays }) => percentile(delays, 99)),
    maxMs: medianOf(({ delays }) => Math.max(...delays)),
    memoryPerPollKb,
    answerBytes: medianOf(({ answerBytes }) => answerBytes),
  };
}

function figuresOf(who: string, measured: Measured): readonly Figure[] {
  return [
    { name: `${who}: half have it after`, value: measured.p50Ms, unit: 'ms' },
    { name: `${who}: 99 % have it after`, value: measured.p99Ms, unit: 'ms' },
    { name: `${who}: the last has it after`, value: measured.maxMs, unit: 'ms' },
    { name: `${who}: processor time per answer`, value: measured.cpuPerAnswerUs, unit: 'µs' },
    { name: `${who}: the same in its first round, cold`, value: measured.coldCpuPerAnswerUs, unit: 'µs' },
    { name: `${who}: processor time per report and next poll`, value: measured.cpuPerReportUs, unit: 'µs' },
    { name: `${who}: memory per held poll`, value: measured.memoryPerPollKb, unit: 'kB' },
  ];
}
