import { CapstanError } from '../../../../shared/model/errors.js';
import { parseSelector } from '../../../../shared/spec/selector.js';
import type { PlanRequest__Output } from '../../../../shared/wire/gen/capstan/v1/PlanRequest.js';
import type { PlanResponse } from '../../../../shared/wire/gen/capstan/v1/PlanResponse.js';
import type { PlannedWave } from '../../../core/plan/types.js';
import type { PlanAnswer, PlanQuestion, Supposed } from '../../../ports/planning.js';
import * as given from './requests.js';

/** Beyond that a plan says nothing any more. */
const slowest = 1000;
const longestStepMs = 86_400_000;
const mostSuppositions = 100;

export function planQuestion(request: PlanRequest__Output, by: string): PlanQuestion {
  const stepMs = Number(request.stepMs);
  const slow = request.slow === 0 ? 1 : request.slow;
  if (!(slow > 0 && slow <= slowest))
    throw new CapstanError('invalid', `Nodes cannot be ${String(slow)} times as slow.`, {
      hint: `Give a number above 0, at most ${slowest}, such as 2x.`,
    });
  if (!(stepMs <= longestStepMs)) throw new CapstanError('invalid', 'A step takes a day at most.');
  return {
    app: given.appName(request.app),
    env: given.envName(request.env),
    version: given.version(request.version),
    by,
    config: request.config === 0 ? undefined : request.config,
    fail: supposed(request.fail),
    lose: supposed(request.lose),
    slow,
    stepMs: stepMs === 0 ? undefined : stepMs,
  };
}

function supposed(texts: readonly string[]): readonly Supposed[] {
  if (texts.length > mostSuppositions)
    throw new CapstanError('invalid', `At most ${mostSuppositions} suppositions can be made.`);
  return texts.map((text) => ({ text, victims: victims(text) }));
}

function victims(text: string): Supposed['victims'] {
  const amount = /^(\d{1,6})(%?)$/.exec(text);
  if (amount === null) return { kind: 'selector', selector: parseSelector(text) };
  const value = Number(amount[1]);
  const isShare = amount[2] === '%';
  if (value === 0 || (isShare && value > 100)) {
    throw new CapstanError('invalid', `"${text}" is no number and no share of the nodes.`, {
      hint: 'Give a number from 1 on, or a share from 1% to 100%.',
    });
  }
  return {
    kind: 'amount',
    amount: isShare ? { kind: 'percent', percent: value } : { kind: 'count', count: value },
  };
}

export function planResponse(answer: PlanAnswer): PlanResponse {
  const { took, skipped, waves, changes, availability, approvals, waits, obstacles, remarks, ...rest } =
    answer;
  return {
    ...rest,
    from: rest.from ?? '',
    supersedes: rest.supersedes ?? '',
    waves: waves.map(waveView),
    changes: changes.map((change) => ({ ...change })),
    availability: availability.map((one) => ({ ...one })),
    approvals: approvals.map((one) => ({ ...one })),
    waits: waits.map(({ atMs, untilMs, what }) => ({
      ...{ atMs, what },
      ...(untilMs === undefined ? {} : { untilMs }),
    })),
    skipped: [...skipped],
    obstacles: [...obstacles],
    remarks: [...remarks],
    ...took,
  };
}

const waveView = ({ name, status, reason, nodes, beganMs, completeMs, endedMs }: PlannedWave) => ({
  ...{ name, status, reason, nodes },
  ...(beganMs === undefined ? {} : { beganMs }),
  ...(completeMs === undefined ? {} : { completeMs }),
  ...(endedMs === undefined ? {} : { endedMs }),
});
