import { expect } from 'chai';
import { Door, type DoorLimits } from '../../../coordinator/io/limits/door.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { Connection } from './connection.js';

/** Does nothing else meanwhile. */
const busyFor = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

describe('the door of a port', () => {
  const open = (limits: Partial<DoorLimits> = {}, spaceFor = 100) => {
    const refused: string[] = [];
    const space = { max: spaceFor, taken: 0 };
    const door = new Door({
      limits: { max: 10, maxUnknown: 4, introductionMs: 1000, patienceMs: 100, maxPerCaller: 2, ...limits },
      refusals: { note: (what, who) => refused.push(`${what} ${who}`) },
      space,
    });
    cleanUp(() => {
      door.close();
    });
    let port = 0;
    const enter = (address: string): Connection | undefined => {
      const connection = new Connection(address, (port += 1));
      return door.enter(connection) ? connection : undefined;
    };
    const introduce = (connection: Connection | undefined, caller: string): void => {
      door.introduced(`${connection?.remoteAddress}:${connection?.remotePort}`, caller);
    };
    return { door, enter, introduce, refused, space };
  };

  it('keeps places for those who have introduced themselves, however many come who have not', () => {
    const { enter, introduce, space } = open();
    const known = Array.from({ length: 5 }, (_, n) => {
      const connection = enter('10.0.0.1');
      introduce(connection, `node n${n}`);
      return connection;
    });
    for (let n = 0; n < 50; n += 1) enter(`10.0.1.${n}`);
    expect(space.taken).to.equal(9);
    expect(known.map((connection) => connection?.destroyed)).to.deep.equal(known.map(() => false));
  });

  it('is closed to the unknown when all places are taken by those who are known', () => {
    const { enter, introduce, refused } = open({ max: 3 });
    for (let n = 0; n < 3; n += 1) introduce(enter('10.0.0.1'), `node n${n}`);
    expect(enter('10.0.0.2')).to.equal(undefined);
    expect(refused).to.deep.equal(['connections 10.0.0.2']);
  });

  it('lets nobody take what the rest of the process needs, and gives back what is free again', () => {
    const { enter, space } = open({}, 2);
    const first = enter('10.0.0.1');
    enter('10.0.0.2');
    expect(enter('10.0.0.3')).to.equal(undefined);
    first?.emit('close');
    expect(enter('10.0.0.3')).not.to.equal(undefined);
    expect(space.taken).to.equal(2);
  });

  it('takes nobody to be slow because the process itself was busy, and those who are slow to be it', async () => {
    const { enter } = open({ patienceMs: 200 });
    const waiting = Array.from({ length: 4 }, () => enter('10.0.0.1'));
    busyFor(600);
    expect(enter('10.0.0.1')).to.equal(undefined);
    expect(waiting.map((connection) => connection?.destroyed)).to.not.include(true);
    await eventually(() => enter('10.0.0.1') !== undefined, { what: 'one that only waits to give way' });
    expect(waiting[0]?.destroyed).to.equal(true);
  });

  it('lets the oldest of too many of one caller go, and counts no other', () => {
    const { enter, introduce } = open();
    const connections = [1, 2, 3].map(() => enter('10.0.0.1'));
    for (const connection of connections) introduce(connection, 'node a');
    introduce(enter('10.0.0.1'), 'node b');
    expect(connections.map((connection) => connection?.destroyed)).to.deep.equal([true, false, false]);
  });

  it('knows who comes from a port whose last connection it was not yet told the end of', () => {
    const { door, space } = open();
    const [first, second] = [new Connection('10.0.0.1', 7), new Connection('10.0.0.1', 7)];
    door.enter(first);
    door.introduced('10.0.0.1:7', 'node a');
    door.enter(second);
    expect(door.callerAt('10.0.0.1:7')).to.equal(undefined);
    first.emit('close');
    door.introduced('10.0.0.1:7', 'node b');
    expect(door.callerAt('10.0.0.1:7')).to.equal('node b');
    second.emit('close');
    expect(door.callerAt('10.0.0.1:7')).to.equal(undefined);
    expect(space.taken).to.equal(0);
  });
});
