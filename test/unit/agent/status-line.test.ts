import { expect } from 'chai';
import { type LinkFacts, statusLine } from '../../../agent/status-line.js';
import type { AppName, Digest, ReleaseVersion } from '../../../shared/model/ids.js';
import type { AppStatus, NodeStatus } from '../../../shared/model/node-status.js';

const link: LinkFacts = { connected: true, coordinator: '10.0.0.1:7600', trouble: '', onTime: true };

const app = (name: string, more: Partial<AppStatus> = {}): AppStatus => ({
  app: name as AppName,
  generation: 1,
  phase: 'healthy',
  health: 'healthy',
  ready: true,
  current: { version: '1.4.0' as ReleaseVersion, digest: '' as Digest },
  previous: undefined,
  staged: [],
  failure: undefined,
  note: '',
  fetched: undefined,
  fetchedFrom: [],
  ...more,
});
const node = (...apps: readonly AppStatus[]): NodeStatus => ({
  apps,
  facts: undefined,
  agentVersion: '1',
  allowUnsigned: false,
});

describe('the line that says what the agent does', () => {
  it('names the coordinator and each application', () => {
    const apps = [
      app('web'),
      app('api', { health: 'unhealthy' }),
      app('new', { phase: 'staging', current: undefined }),
      app('old', { phase: 'inconsistent' }),
    ];
    expect(statusLine(node(...apps), link)).to.equal(
      'connected to 10.0.0.1:7600; web 1.4.0 healthy, api 1.4.0 unhealthy, new staging, old 1.4.0 inconsistent',
    );
  });

  it('says why it is not connected, and that it is stuck, in one line whatever was said', () => {
    expect(statusLine(node(), { ...link, connected: false })).to.equal(
      'connecting to 10.0.0.1:7600; no applications',
    );
    const trouble = 'nobody\nWATCHDOG=1\u001b[2J answers';
    expect(statusLine(node(), { ...link, connected: false, trouble })).to.equal(
      'not connected: nobody WATCHDOG=1 [2J answers; no applications',
    );
    expect(statusLine(node(), { ...link, onTime: false })).to.match(/^the poll loop is stuck; /);
  });

  it('is short however many there are', () => {
    const many = Array.from({ length: 90 }, (_, index) => app(`web-${index}`));
    expect(statusLine(node(...many), link)).to.match(/, web-4 1\.4\.0 healthy, 85 more$/);
    const trouble = 'x'.repeat(9000);
    expect(statusLine(node(), { ...link, connected: false, trouble }).length).to.be.below(600);
  });
});
