import { expect } from 'chai';
import { HealthWatch } from '../../../agent/io/health-watch.js';
import type { RunnableRelease, Service, ServiceFacts } from '../../../agent/ports/node.js';
import { systemClock } from '../../../shared/io/clock.js';
import { app, specOf, staged } from '../../property/agent/model.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';

const probe = { kind: 'unit', everyMs: 5, timeoutMs: 1000, rise: 1, fall: 2 } as const;
const release: RunnableRelease = {
  ...staged({ dir: 'r1', service: true, good: true, stages: true }, 0),
  ...{
    app,
    env: 'production',
    config: {},
    path: '/',
    spec: specOf({ service: true }, { health: [probe] }),
  },
};

/** A watch over a service of which all is as told. */
function watching(service: {
  readonly observe: () => ServiceFacts;
  readonly unitFault: () => Promise<string>;
}): { readonly watch: HealthWatch; readonly warnings: readonly unknown[] } {
  const never = (): Promise<never> => Promise.reject(new Error('not asked for here'));
  const rest: Omit<Service, 'observe' | 'unitFault'> = {
    ...{ preflight: never, start: never, stop: never, remove: never, stranger: never },
    ...{ connections: never, logTail: never },
  };
  const warnings: unknown[] = [];
  const watch = new HealthWatch({
    service: { ...rest, ...service },
    values: { envOf: () => ({}), forTemplates: () => ({}), missing: () => [] },
    users: { of: () => Promise.resolve(undefined) },
    clock: systemClock,
    log: { info: () => undefined, warn: (...all) => warnings.push(all), error: () => undefined },
    onChange: () => undefined,
  });
  cleanUp(() => {
    watch.close();
  });
  watch.watch(release, 'unknown');
  return { watch, warnings };
}

const runs: ServiceFacts = { dir: 'r1', running: true, exits: 0, lastExit: '', main: '7.7' };

describe('watching health', () => {
  it('takes a probe that cannot even be tried for a failed one, and tries it again', async () => {
    let broken = true;
    const { watch } = watching({
      observe: () => runs,
      unitFault: () => {
        if (broken) throw new Error('EMFILE: too many open files');
        return Promise.resolve('');
      },
    });
    await eventually(() => watch.facts().verdict === 'unhealthy');
    expect(watch.facts().complaint).to.equal('EMFILE: too many open files');
    broken = false;
    await eventually(() => watch.facts().verdict === 'healthy');
  });

  it('goes on after a look at the service that fails, and says so once', async () => {
    let looks = 0;
    const { watch, warnings } = watching({
      observe: () => {
        looks += 1;
        if (looks > 1 && looks < 20) throw new Error('EMFILE: too many open files');
        return runs;
      },
      unitFault: () => Promise.resolve(''),
    });
    await eventually(() => watch.facts().verdict === 'healthy');
    expect(looks).to.be.least(20);
    expect(warnings).to.have.length(1);
  });

  it('takes no answer for one of the service that may have come while it was down', async () => {
    let steady = false;
    let looks = 0;
    const { watch } = watching({
      observe: () => {
        looks += 1;
        return steady ? runs : { ...runs, exits: looks, main: `${looks}.7` };
      },
      unitFault: () => Promise.resolve(''),
    });
    await eventually(() => watch.facts().complaint === 'the service is not running');
    await eventually(() => watch.facts().verdict === 'unhealthy');
    steady = true;
    await eventually(() => watch.facts().verdict === 'healthy');
  });
});
