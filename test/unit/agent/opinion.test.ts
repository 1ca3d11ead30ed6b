import { expect } from 'chai';
import { agentCheckLine, opinionOf } from '../../../agent/core/opinion.js';
import { type AppRecord, emptyRecord, type Observed } from '../../../agent/core/record.js';
import type { AppName } from '../../../shared/model/ids.js';
import type { HealthVerdict } from '../../../shared/model/node-status.js';

const observed = (current: string | undefined): Observed => ({
  ...{ current, previous: undefined, releases: [], serving: current, reviveAfter: 0, pruneFailed: false },
});
const record: AppRecord = emptyRecord('web' as AppName);
const line = (
  of: AppRecord,
  { verdict = 'healthy', complaint = '' }: { verdict?: HealthVerdict; complaint?: string } = {},
): string => agentCheckLine(opinionOf(of, observed('r1'), { verdict, complaint }));

describe('what HAProxy is told', () => {
  it('is that the node wants requests while it is well', () => {
    expect(line(record)).to.equal('up ready\n');
  });

  it('is why it does not, in a line of plain text', () => {
    expect(line(record, { verdict: 'unhealthy', complaint: 'GET /: status 500\nup ready – 100%' })).to.equal(
      'down #GET /: status 500 up ready   100%\n',
    );
    expect(line(record, { verdict: 'unknown' })).to.equal('down #its health is not known yet\n');
    expect(line(record, { verdict: 'unhealthy', complaint: 'x'.repeat(500) })).to.have.length(127);
    expect(line({ ...record, inconsistent: 'check: no' })).to.match(/^down #/);
    expect(
      agentCheckLine(opinionOf(record, observed(undefined), { verdict: 'healthy', complaint: '' })),
    ).to.equal('stopped #no release is live\n');
  });
});
