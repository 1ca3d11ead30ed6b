import { expect } from 'chai';
import fc from 'fast-check';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName } from '../../../shared/model/ids.js';
import type { NodeStatus } from '../../../shared/model/node-status.js';
import { agentService, type Received } from '../../../shared/wire/agent-messages.js';
import { desiredState, nodeStatus, peersAnswer, peersQuestion, serving } from './arbitraries.js';

const { findPeers, poll, report } = agentService;

function messageOf<Message>(received: Received<Message>): Message {
  if (received.ok) return received.message;
  throw received.error;
}

function faultOf(received: Received<unknown>): CapstanError {
  if (!received.ok && received.error instanceof CapstanError) return received.error;
  throw new Error('it was taken');
}

describe('what agents and the coordinator exchange', () => {
  it('brings every desired state over the wire as it was', () => {
    fc.assert(
      fc.property(desiredState, fc.nat(), fc.boolean(), (desired, retryAfterMs, reportWanted) => {
        const logs = [{ id: 'a1', app: 'web' as AppName, maxBytes: 100 }];
        const answer = { desired, retryAfterMs, reportWanted, logs };
        expect(messageOf(poll.responseDeserialize(poll.responseSerialize(answer)))).to.deep.equal(answer);
      }),
    );
  });

  it('brings every status over the wire as it was', () => {
    fc.assert(
      fc.property(nodeStatus, fc.maxSafeNat(), serving, (status, sequence, offered) => {
        const logs = [{ id: 'a1', text: 'ready\n' }];
        const request = { session: 's1', sequence, status, logs, serving: offered };
        expect(messageOf(report.requestDeserialize(report.requestSerialize(request)))).to.deep.equal(request);
      }),
    );
  });

  it('brings questions for peers and their answers over the wire as they were', () => {
    fc.assert(
      fc.property(peersQuestion, peersAnswer, (question, answer) => {
        const { requestSerialize, requestDeserialize, responseSerialize, responseDeserialize } = findPeers;
        expect(messageOf(requestDeserialize(requestSerialize(question)))).to.deep.equal(question);
        expect(messageOf(responseDeserialize(responseSerialize(answer)))).to.deep.equal(answer);
      }),
    );
  });

  it('takes no address of a peer that could lead to anything but its packs', () => {
    for (const url of [
      '',
      'http://peer',
      'ftp://peer:1',
      'https://peer:1/path',
      'http://peer:0',
      'http://peer:7660/',
      'http://peer:7660/path',
      'http://user@peer:7660',
      'http://peer:7660?x=',
      'http://peer:7660#x',
      'http://pe er:7660',
      'file:///etc/passwd',
      `http://${'a'.repeat(300)}:1`,
    ]) {
      const offered = { url, slots: 1, packs: [] };
      const request = { session: 's', sequence: 1, status: emptyStatus, logs: [], serving: offered };
      const bytes = report.requestSerialize(request);
      expect(faultOf(report.requestDeserialize(bytes)).message, url).to.contain('serving.url');
    }
  });

  it('brings counters over the wire exactly, up to the largest that is exact', () => {
    const revisionSeen = Number.MAX_SAFE_INTEGER;
    const request = { revisionSeen, instance: 'i', session: 's', reportSequence: 2 ** 40 + 1 };
    expect(messageOf(poll.requestDeserialize(poll.requestSerialize(request)))).to.deep.equal(request);
  });

  it('tells an agent that has heard of no epoch from one that knows of none', () => {
    const request = { revisionSeen: 1, instance: 'i', session: 's', reportSequence: 2 };
    for (const epochSeen of [0, 1_795_316_400]) {
      for (const restoreSeen of ['', 'c0ffee']) {
        const said = { ...request, epochSeen, restoreSeen };
        expect(messageOf(poll.requestDeserialize(poll.requestSerialize(said)))).to.deep.equal(said);
      }
    }
    expect(messageOf(poll.requestDeserialize(poll.requestSerialize(request)))).not.to.have.any.keys(
      'epochSeen',
      'restoreSeen',
    );
  });

  it('refuses a counter that would not be exact', () => {
    const tooLarge = Buffer.from([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]); // revision_seen: 2^53
    const error = faultOf(poll.requestDeserialize(tooLarge));
    expect(error.code).to.equal('invalid');
    expect(error.message).to.contain('revision_seen');
  });

  it('names every field that is wrong, at once', () => {
    const status = {
      apps: [
        { ...appStatus, app: 'Not A Name' as AppName },
        { ...appStatus, generation: -1 },
      ],
      facts: undefined,
      agentVersion: '1',
      allowUnsigned: false,
    } satisfies NodeStatus;
    const bytes = report.requestSerialize({ session: '', sequence: 1, status, logs: [], serving: undefined });
    const { code, message } = faultOf(report.requestDeserialize(bytes));
    expect(code).to.equal('invalid');
    for (const field of ['session', 'status.apps[0].app', 'status.apps[1].generation']) {
      expect(message).to.contain(field);
    }
  });

  it('gives an error for any bytes, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        poll.requestDeserialize(Buffer.from(bytes));
        poll.responseDeserialize(Buffer.from(bytes));
        report.requestDeserialize(Buffer.from(bytes));
        report.responseDeserialize(Buffer.from(bytes));
        findPeers.requestDeserialize(Buffer.from(bytes));
        findPeers.responseDeserialize(Buffer.from(bytes));
      }),
    );
  });
});

const emptyStatus = { apps: [], facts: undefined, agentVersion: '1', allowUnsigned: false };

const appStatus = {
  app: 'web' as AppName,
  generation: 1,
  phase: 'healthy',
  health: 'healthy',
  ready: true,
  current: undefined,
  previous: undefined,
  staged: [],
  failure: undefined,
  note: '',
  fetched: undefined,
  fetchedFrom: [],
} as const;
