import { expect } from 'chai';
import { Ownership } from '../../../agent/io/probes/ownership.js';
import { createProber } from '../../../agent/io/probes/prober.js';
import type { ProbeSpec, ProbeTarget } from '../../../shared/model/release-spec.js';
import { cleanUp } from '../../support/cleanup.js';

const spec = (target: ProbeTarget): ProbeSpec => ({
  everyMs: 1,
  timeoutMs: 100,
  rise: 1,
  fall: 1,
  ...target,
});

/** Notes what was looked into; `said` is the answer. */
class Looks {
  readonly asked: string[] = [];
  said = '';
  stranger({ host, port }: { readonly host: string; readonly port: number }): Promise<string> {
    this.asked.push(`${host} ${port}`);
    return Promise.resolve(this.said);
  }
}

describe('whether the service answered a probe', () => {
  const http = spec({ kind: 'http', url: 'http://127.0.0.1:${PORT}/' });

  it('is looked into once for each probe and start', async () => {
    const looks = new Looks();
    const ownership = new Ownership(looks);
    const tcp = spec({ kind: 'tcp', address: '[::1]:${PORT}' });
    for (const main of ['7.1', '7.1', '8.2', '8.2']) {
      expect(await ownership.check(0, http, { PORT: '80' }, main)).to.deep.equal({ ok: true });
      expect(await ownership.check(1, tcp, { PORT: '81' }, main)).to.deep.equal({ ok: true });
    }
    expect(looks.asked).to.deep.equal(['127.0.0.1 80', '::1 81', '127.0.0.1 80', '::1 81']);
  });

  it('is looked into again as long as a stranger was found', async () => {
    const looks = new Looks();
    const ownership = new Ownership(looks);
    looks.said = 'pid 7 (node) listens there';
    for (let probe = 0; probe < 2; probe += 1) {
      expect(await ownership.check(0, http, { PORT: '80' }, '7.1')).to.deep.equal({
        ok: false,
        complaint: looks.said,
      });
    }
    looks.said = '';
    expect(await ownership.check(0, http, { PORT: '80' }, '7.1')).to.deep.equal({ ok: true });
    expect(looks.asked).to.have.length(3);
  });

  it('knows the ports that need not be written, and what does not connect at all', async () => {
    const looks = new Looks();
    const ownership = new Ownership(looks);
    const targets: readonly ProbeTarget[] = [
      { kind: 'http', url: 'http://[::1]/healthz' },
      { kind: 'http', url: 'http://localhost/' },
      { kind: 'grpc', address: 'localhost:7' },
      { kind: 'tcp', address: 'localhost' },
      { kind: 'command', run: ['true'] },
      { kind: 'unit' },
    ];
    for (const [index, target] of targets.entries()) {
      expect(await ownership.check(index, spec(target), {}, '7.1')).to.deep.equal({ ok: true });
    }
    expect(looks.asked).to.deep.equal(['::1 80', 'localhost 80', 'localhost 7']);
  });
});

describe('the probe of a unit', () => {
  it("asks for the service's own one unless it names another", async () => {
    const asked: (string | undefined)[] = [];
    const prober = createProber({
      unitFault: (name) => {
        asked.push(name);
        return Promise.resolve(name === undefined ? '' : `${name} is stopped`);
      },
    });
    cleanUp(() => {
      prober.close();
    });
    const context = {
      values: {},
      cwd: '/',
      user: () => Promise.resolve(undefined),
      signal: new AbortController().signal,
    };
    expect(await prober.probe(spec({ kind: 'unit' }), context)).to.deep.equal({ ok: true });
    expect(await prober.probe(spec({ kind: 'unit', name: 'db.service' }), context)).to.deep.equal({
      ok: false,
      complaint: 'db.service is stopped',
    });
    expect(asked).to.deep.equal([undefined, 'db.service']);
  });
});
