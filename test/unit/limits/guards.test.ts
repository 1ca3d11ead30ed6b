import { expect } from 'chai';
import { program, settingsTable } from '../../../coordinator/config.js';
import { createGuards } from '../../../coordinator/io/guards.js';
import type { Door } from '../../../coordinator/io/limits/door.js';
import { systemClock } from '../../../shared/io/clock.js';
import { jsonLogger } from '../../../shared/io/logger.js';
import { loadSettings } from '../../../shared/settings/load.js';
import { cleanUp } from '../../support/cleanup.js';
import { Connection } from './connection.js';

describe('the guards of all ports', () => {
  const open = (args: readonly string[], spaceFor: number) => {
    const loaded = loadSettings(program, settingsTable, args, {});
    if (loaded.kind !== 'run') throw new Error('the settings ask for something else');
    const guards = createGuards({
      settings: loaded.settings,
      clock: systemClock,
      logger: jsonLogger(() => undefined, Date.now),
      space: { max: spaceFor, taken: 0 },
    });
    cleanUp(() => {
      guards.close();
    });
    return guards;
  };
  let ports = 0;
  /** @returns how many of so many, each from an address of its own, were let in */
  const enter = (door: Pick<Door, 'enter'>, count: number): number => {
    let entered = 0;
    for (let n = 0; n < count; n += 1) {
      ports += 1;
      if (door.enter(new Connection(`10.0.0.${n}`, ports))) entered += 1;
    }
    return entered;
  };

  for (const args of [[], ['--insecure-loopback']]) {
    it(`leave agents and operators half of what the process may have open, however many come over HTTP ${args.join(' ')}`, () => {
      const guards = open(args, 21);
      expect(enter(guards.http.door, 30)).to.equal(10);
      const noOne = (): never => {
        throw new Error('nobody calls');
      };
      expect(enter(guards.agents(noOne).door, 5)).to.equal(5);
      expect(enter(guards.operators(noOne).door, 6)).to.equal(6);
    });
  }

  it('let no more come over HTTP than over any port where the process may have many open', () => {
    const { http } = open(['--max-connections', '16'], Number.POSITIVE_INFINITY);
    expect(enter(http.door, 30)).to.equal(16);
  });
});
