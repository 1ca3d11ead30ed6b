import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { cleanUp } from '../../support/cleanup.js';
import { tempDir } from '../../support/temp-dir.js';
import type { LockTurn } from './lock-taker.js';

/** A process that locks when it is told to, and holds until the next turn. */
class Taker {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    const program = fileURLToPath(new URL('lock-taker.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import=tsx', program], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    cleanUp(() => void child.kill('SIGKILL'));
  }

  async said(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Error('the process has ended');
    return next.value;
  }

  take(turn: LockTurn): Promise<string> {
    this.#child.stdin?.write(`${JSON.stringify(turn)}\n`);
    return this.said();
  }
}

describe('the lock of the state directory', () => {
  it('is taken over from a dead agent by one alone, however many start at that moment', async () => {
    const dir = await tempDir();
    const takers = [new Taker(), new Taker(), new Taker()];
    for (const taker of takers) expect(await taker.said()).to.equal('ready');
    for (let turn = 0; turn < 150; turn++) {
      const stateDir = join(dir, String(turn), 'state');
      const root = join(dir, String(turn), 'root');
      for (const [folder, name] of [
        [stateDir, 'lock'],
        [root, '.capstan-agent.lock'],
      ] as const) {
        await mkdir(folder, { recursive: true });
        await symlink('1:1:an-earlier-boot', join(folder, name));
      }
      const at = Date.now() + 4;
      const said = await Promise.all(takers.map((taker) => taker.take({ at, stateDir, root })));
      const [held, ...others] = [...said].sort((a, b) => Number(b === 'held') - Number(a === 'held'));
      expect(held, `turn ${turn}: ${said.join(' | ')}`).to.equal('held');
      for (const refusal of others)
        expect(refusal, `turn ${turn}`).to.match(
          /^The state directory .* is held by another agent \(pid \d+\)\.$/,
        );
      expect(await readdir(stateDir)).to.deep.equal(['lock']);
      expect(await readdir(root)).to.deep.equal(['.capstan-agent.lock']);
    }
  });

  it('is taken over where the one who was taking it over has died as well', async () => {
    const dir = await tempDir();
    const [stateDir, root] = [join(dir, 'state'), join(dir, 'root')];
    await mkdir(stateDir);
    await symlink('1:1:an-earlier-boot', join(stateDir, 'lock'));
    await symlink('2:1:an-earlier-boot', join(stateDir, 'lock.after-1_1_an-earlier-boot'));
    const taker = new Taker();
    expect(await taker.said()).to.equal('ready');
    expect(await taker.take({ at: 0, stateDir, root })).to.equal('held');
    expect(await readdir(stateDir)).to.deep.equal(['lock']);
    const other = new Taker();
    expect(await other.said()).to.equal('ready');
    expect(await other.take({ at: 0, stateDir, root })).to.match(/ is held by another agent /);
  });
});
