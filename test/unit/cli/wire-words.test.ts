import { expect } from 'chai';
import { nodeJson } from '../../../coordinator/cli/views/node.js';
import { wireWord } from '../../../coordinator/cli/views/wire-words.js';
import { loadOperatorService } from '../../../shared/wire/operator-service.js';
import { nextProtocol } from '../../integration/skew/peer.js';

describe('words of the wire', () => {
  it('are those of the contract', () => {
    expect(wireWord('NODE_PHASE_', 'NODE_PHASE_TURNED_BACK')).to.equal('turnedBack');
  });

  it('that only a newer coordinator has are unknown, and nothing else is lost for them', () => {
    const type = nextProtocol().lookupType('capstan.v1.NodeView');
    const said = { name: 'web-1', news: 'hooray', apps: [{ app: 'web', phase: 'NODE_PHASE_WARMING' }] };
    const bytes = Buffer.from(type.encode(type.fromObject(said)).finish());
    const view = loadOperatorService().GetNode.responseDeserialize(bytes);
    const shown = nodeJson(view);
    expect(shown).to.include({ name: 'web-1' }).and.not.to.have.property('news');
    expect(shown.apps[0]).to.include({ app: 'web', phase: 'unknown' });
  });
});
