import { assertNever } from '../shared/core/assert.js';
import { formatDuration } from '../shared/core/duration.js';
import { CapstanError } from '../shared/model/errors.js';
import type { HookName } from '../shared/model/release-spec.js';
import type { Clock } from '../shared/ports/clock.js';
import { judgeCheck } from './core/health.js';
import { hasServed } from './core/plan.js';
import type { Work } from './core/record.js';
import { type Action, type Step, type StepOf, traitsOf } from './core/steps.js';
import type { Outcome } from './core/transitions.js';
import { type DrainWatch, waitDrained } from './draining.js';
import type {
  DriftWatch,
  Health,
  Hooks,
  Releases,
  Service,
  Signatures,
  StageEvents,
  Users,
  Values,
} from './ports/node.js';
import { preflight } from './preflight.js';

export interface Parts {
  readonly releases: Releases;
  readonly service: Service;
  readonly hooks: Hooks;
  readonly health: Health;
  readonly drift: DriftWatch;
  readonly values: Values;
  readonly users: Users;
  readonly signatures: Signatures;
  readonly clock: Clock;
}

export interface Circumstances extends DrainWatch {
  /** The work that the step belongs to; undefined for what keeps the house in order. */
  readonly work: Work | undefined;
  readonly events: StageEvents;
  /** Resolves when the health facts change, at the latest after so many milliseconds; rejects when aborted. */
  readonly healthChange: (withinMs: number) => Promise<void>;
}

type Effects = {
  readonly [A in Action]: (step: StepOf<A>, circumstances: Circumstances) => Promise<Outcome>;
};

const done: Outcome = { kind: 'done' };
const cancelled: Outcome = { kind: 'cancelled' };
const logTailBytes = 8 * 1024;

/** Step → effect, exhaustively. Whatever an effect throws becomes a failure of its step. */
export function createExecutor(parts: Parts): (step: Step, circumstances: Circumstances) => Promise<Outcome> {
  const effects = effectsOn(parts);
  return async (step, circumstances) => {
    try {
      await parts.hooks.endLeftovers();
      return await run(effects, step, circumstances);
    } catch (thrown) {
      if (circumstances.signal.aborted) return cancelled;
      const reason = CapstanError.from(thrown, 'failed').message;
      return { kind: 'failed', failure: { step: traitsOf(step).name, reason, logTail: '' } };
    }
  };
}

/** The one place where a step meets its effect: the correlation of the two that a map alone cannot show. */
function run(effects: Effects, step: Step, circumstances: Circumstances): Promise<Outcome> {
  switch (step.action) {
    case 'stage':
      return effects.stage(step, circumstances);
    case 'verify':
      return effects.verify(step, circumstances);
    case 'preflight':
      return effects.preflight(step, circumstances);
    case 'render':
      return effects.render(step, circumstances);
    case 'database':
      return effects.database(step, circumstances);
    case 'hook':
      return effects.hook(step, circumstances);
    case 'drain':
      return effects.drain(step, circumstances);
    case 'stop':
      return effects.stop(step, circumstances);
    case 'swap':
      return effects.swap(step, circumstances);
    case 'start':
      return effects.start(step, circumstances);
    case 'check':
      return effects.check(step, circumstances);
    case 'rejoin':
      return effects.rejoin(step, circumstances);
    case 'revive':
      return effects.revive(step, circumstances);
    case 'prune':
      return effects.prune(step, circumstances);
    default:
      return assertNever(step);
  }
}

function effectsOn(parts: Parts): Effects {
  const { releases, service, hooks, health, values, signatures } = parts;
  const start = async (dir: string): Promise<Outcome> => {
    const release = await releases.get(dir);
    await service.start(release, values.envOf(release));
    health.watch(undefined, 'unknown');
    health.watch(release, 'unknown');
    return done;
  };
  const runProgram = async (
    dir: string,
    name: HookName | 'database',
    previous: string | undefined,
    { work, signal }: Circumstances,
  ): Promise<Outcome> => {
    const release = await releases.get(dir);
    const before = previous === undefined ? undefined : await releases.get(previous).catch(() => undefined);
    const env = {
      ...values.envOf(release),
      CAPSTAN_ATTEMPT: String(work?.attempts ?? 1),
      CAPSTAN_PREVIOUS: before?.release.version ?? '',
      CAPSTAN_HOOK: name,
      CAPSTAN_ROLLOUT: work?.assignment.rollout ?? '',
    };
    return hooks.run(release, name, env, signal);
  };
  return {
    stage: async ({ dir }, { work, signal, events }) => {
      if (work === undefined) return done;
      const { app, release } = work.assignment;
      return (
        refused(signatures.refusal(app, release)) ?? releases.stage(work.assignment, dir, signal, events)
      );
    },
    verify: (step, circumstances) => verify(releases, step, circumstances),
    preflight: async ({ dir }, { work }) => {
      const release = await releases.get(dir);
      if (work !== undefined && !hasServed(work)) {
        // What the signature is over must be what is on disk.
        const claim = { ...work.assignment.release, ...release.release };
        const outcome = refused(signatures.refusal(release.app, claim));
        if (outcome !== undefined) return outcome;
      }
      const reason = await preflight(parts, release, work?.assignment.activation.healthDeadlineMs);
      return reason === '' ? done : { kind: 'failed', failure: { step: 'preflight', reason, logTail: '' } };
    },
    render: async ({ dir }) => {
      const release = await releases.get(dir);
      await releases.render(release, values.forTemplates(release, await releases.templateNames(release)));
      return done;
    },
    database: ({ dir }, circumstances) =>
      runProgram(dir, 'database', circumstances.work?.from, circumstances),
    hook: ({ dir, hook, previous }, circumstances) => runProgram(dir, hook, previous, circumstances),
    drain: async ({ waitMs }, circumstances) => {
      await waitDrained(parts, waitMs, circumstances);
      return done;
    },
    stop: async () => {
      await service.stop();
      return done;
    },
    swap: async ({ to, previous }) => {
      await releases.swap(to, previous);
      if (to === undefined) {
        health.watch(undefined, 'unknown');
        await service.remove();
      } else if ((await releases.get(to)).spec.service.kind === 'none') {
        health.watch(await releases.get(to), 'unknown');
        // What the release before had on the host for its service: a unit, its values.
        await service.remove();
        // Nothing comes after that would wait for the disk anyway.
        await releases.sync();
      }
      return done;
    },
    start: async ({ dir }) => {
      const outcome = await start(dir);
      // The links were switched without waiting for the disk, to keep the service's gap short; the journal, which says
      // from the check on that they are, must not get ahead of them.
      await releases.sync();
      return outcome;
    },
    check: (step, circumstances) => check(parts, step, circumstances),
    rejoin: () => Promise.resolve(done),
    revive: ({ dir }) => start(dir),
    prune: async ({ dirs }, { signal }) => {
      await releases.remove(dirs, signal);
      return done;
    },
  };
}

/** @param reason why it may not run on this node; '' if it may */
const refused = (reason: string): Outcome | undefined =>
  reason === '' ? undefined : { kind: 'failed', failure: { step: 'verify', reason, logTail: '' } };

/** What is damaged and does not serve is staged anew; what serves cannot be, but nobody shall rely on it unknowingly. */
async function verify(
  releases: Releases,
  { dir, mend }: StepOf<'verify'>,
  { work, signal, events }: Circumstances,
): Promise<Outcome> {
  let found: readonly string[];
  try {
    found = await releases.verify(dir, signal);
  } catch (thrown) {
    if (mend || signal.aborted) throw thrown;
    found = [`it could not be read: ${CapstanError.from(thrown, 'failed').message}`];
  }
  const [first] = found;
  if (first === undefined) return done;
  const others = found.length > 1 ? ` and ${found.length - 1} more` : '';
  const damage = `releases/${dir} is not as it was staged: ${first}${others}`;
  if (!mend || work === undefined) return { kind: 'done', doubt: damage };
  events.onRemark(`${damage}; it is staged anew`);
  await releases.disown(dir, signal);
  return { kind: 'done', disowned: true };
}

async function check(
  { releases, service, health, clock }: Parts,
  { dir, minHealthyTimeMs, deadlineMs }: StepOf<'check'>,
  { work, signal, healthChange }: Circumstances,
): Promise<Outcome> {
  const startedAt = clock.monotonic();
  const release = await releases.get(dir);
  health.watch(release, 'unknown');
  // A service that this work started has all its exits held against it; one that ran before, only new ones.
  const { service: kind } = release.spec;
  const reloaded = kind.kind === 'systemd' && kind.reload === true;
  const fresh =
    work?.plan.some(({ action }) => action === 'stop' || (action === 'swap' && !reloaded)) ?? false;
  const countFrom = fresh ? 0 : health.facts().exits;
  for (;;) {
    const facts = { ...health.facts(), startedAt, now: clock.monotonic() };
    const verdict = judgeCheck(
      { ...facts, exits: facts.exits - countFrom },
      { minHealthyTimeMs, deadlineMs },
    );
    if (verdict.kind === 'passed') {
      await service.proved?.(release);
      return done;
    }
    if (verdict.kind === 'failed') {
      const logTail = await service.logTail(logTailBytes, 'start');
      return { kind: 'failed', failure: { step: 'check', reason: verdict.reason, logTail } };
    }
    await healthChange(Math.max(1, verdict.untilMs - clock.monotonic()));
    if (signal.aborted) return cancelled;
  }
}

/** For logs and notes: what a step is about, in a few words. */
export function describeStep(step: Step): string {
  switch (step.action) {
    case 'drain':
      return `drain for ${formatDuration(step.waitMs)}`;
    case 'hook':
      return `hook ${step.hook}`;
    case 'swap':
      return `swap to ${step.to ?? 'nothing'}`;
    case 'prune':
      return `prune ${step.dirs.join(', ')}`;
    case 'stop':
    case 'rejoin':
      return step.action;
    default:
      return `${step.action} ${step.dir}`;
  }
}
