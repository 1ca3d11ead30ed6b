import { expect } from 'chai';
import { createProber } from '../../../agent/io/probes/prober.js';
import type { ProbeTarget } from '../../../shared/model/release-spec.js';
import { cleanUp } from '../../support/cleanup.js';
import { freePorts } from '../../support/free-ports.js';

describe('what a failed probe says', () => {
  it('names the address that was asked, and no other value, whatever the values make of it', async () => {
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
      await ask({ kind: 'http', url: 'http://u:${TOKEN}@127.0.0.1:${PORT}/?key=${TOKEN}' }),
      await ask({ kind: 'http', url: 'http://127.0.0.1:${BAD}/?key=${TOKEN}' }),
      await ask({ kind: 'tcp', address: '127.0.0.1:${BAD}' }),
      await ask({ kind: 'grpc', address: '127.0.0.1:${PORT}', service: '${TOKEN}' }),
      await ask({ kind: 'grpc', address: '127.0.0.1:${BAD}' }),
      await ask({ kind: 'command', run: ['/bin/false', '${TOKEN}'] }),
      await ask({ kind: 'command', run: ['/bin/true', '${HUGE}'] }, { HUGE: 'x'.repeat(3_000_000) }),
      await ask({ kind: 'http', url: 'http://${WHERE}' }, { WHERE: 'a:1/?hunter' }),
    ];
    expect(complaints[0]).to.equal(
      `GET http://u:\${TOKEN}@127.0.0.1:${port}/?key=\${TOKEN}: connect ECONNREFUSED 127.0.0.1:${port}`,
    );
    expect(complaints[1]).to.match(/^GET http:\/\/127\.0\.0\.1:80800\/\?key=\$\{TOKEN\}: ./);
    expect(complaints[2]).to.equal(
      'connect to 127.0.0.1:${BAD}: with the values of this node, it is not host:port',
    );
    expect(complaints[3]).to.match(
      new RegExp(`^gRPC health of \\$\\{TOKEN\\} at 127\\.0\\.0\\.1:${port}: .`),
    );
    expect(complaints[5]).to.equal('/bin/false ${TOKEN}: exit code 1');
    expect(complaints[7]).to.match(/^GET http:\/\/\$\{WHERE\}: ./);
    expect(complaints[6]).to.match(/^\/bin\/true \$\{HUGE\}: .*E2BIG/);
    for (const complaint of complaints) expect(complaint).to.match(/: ./).and.not.include('hunter');
  });
});
