import { expect } from 'chai';
import { createProber } from '../../../agent/io/probes/prober.js';
import type { ProbeTarget } from '../../../shared/model/release-spec.js';
import { cleanUp } from '../../support/cleanup.js';
import { freePorts } from '../../support/free-ports.js';

describe('what a failed probe says', () => {
  it('is said as the release has it, so that no value is told, whatever the values make of it', async () => {
    const [port = 0] = await freePorts(1);
    const prober = createProber({ unitFault: () => Promise.resolve('') });
    cleanUp(() => {
      prober.close();
    });
    const ask = async (target: ProbeTarget, more: Readonly<Record<string, string>> = {}): Promise<string> => {
      const result = await prober.probe(
        { ...target, everyMs: 100, timeoutMs: 2000, rise: 1, fall: 1 },
        {
          values: { PORT: String(port), BAD: '80800', TOKEN: 'hunter 2', ...more },
          ...{ cwd: '/', user: () => Promise.resolve(undefined), signal: new AbortController().signal },
        },
      );
      return result.ok ? '' : result.complaint;
    };
    const complaints = [
      await ask({ kind: 'http', url: 'http://127.0.0.1:${PORT}/?key=${TOKEN}' }),
      await ask({ kind: 'http', url: 'http://127.0.0.1:${BAD}/?key=${TOKEN}' }),
      await ask({ kind: 'tcp', address: '127.0.0.1:${BAD}' }),
      await ask({ kind: 'grpc', address: '127.0.0.1:${PORT}', service: '${TOKEN}' }),
      await ask({ kind: 'grpc', address: '127.0.0.1:${BAD}' }),
      await ask({ kind: 'command', run: ['/bin/false', '${TOKEN}'] }),
      await ask({ kind: 'command', run: ['/bin/true', '${HUGE}'] }, { HUGE: 'x'.repeat(3_000_000) }),
    ];
    expect(complaints[0]).to.match(/^GET http:\/\/127\.0\.0\.1:\$\{PORT\}\/\?key=\$\{TOKEN\}: .*/);
    expect(complaints[2]).to.equal(
      'connect to 127.0.0.1:${BAD}: with the values of this node, it is not host:port',
    );
    expect(complaints[3]).to.match(/^gRPC health of \$\{TOKEN\} at 127\.0\.0\.1:\$\{PORT\}: ./);
    expect(complaints[5]).to.equal('/bin/false ${TOKEN}: exit code 1');
    expect(complaints[6]).to.match(/^\/bin\/true \$\{HUGE\}: .*E2BIG/);
    for (const complaint of complaints) expect(complaint).to.match(/: ./).and.not.include('hunter');
  });
});
