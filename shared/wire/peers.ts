import { isDigest, isNodeName } from '../model/ids.js';
import {
  isPeerUrl,
  type PackPeers,
  type Peer,
  type PeersAnswer,
  type PeersQuestion,
  peerLimits,
  type Serving,
} from '../model/peers.js';
import { FieldReader } from './fields.js';
import { capstan } from './gen/agent-static.js';

const wire = capstan.v1;

export const servingToWire = ({ url, slots, packs }: Serving): capstan.v1.IServing => ({
  url,
  slots,
  packs: packs.slice(0, peerLimits.packs),
});

export function servingFromWire(read: FieldReader, { url, slots, packs }: capstan.v1.IServing): Serving {
  const allowed = slots ?? 0;
  if (allowed > peerLimits.slots) read.fault('serving.slots', `at most ${peerLimits.slots}`);
  return {
    url: read.text('serving.url', url, isPeerUrl, urlRule),
    slots: allowed,
    packs: digests(read, 'serving.packs', packs),
  };
}

export function encodePeersQuestion({ packs, corrupt }: PeersQuestion): Uint8Array {
  return wire.FindPeersRequest.encode({
    packs: packs.slice(0, peerLimits.packs),
    corrupt: corrupt.slice(0, peerLimits.corrupt),
  }).finish();
}

export function decodePeersQuestion(bytes: Uint8Array): PeersQuestion {
  const read = new FieldReader();
  const message = wire.FindPeersRequest.decode(bytes);
  const question = {
    packs: digests(read, 'packs', message.packs),
    corrupt: read
      .list('corrupt', message.corrupt, peerLimits.corrupt)
      .map((node, at) => read.text(`corrupt[${at}]`, node, isNodeName, 'a DNS label')),
  };
  read.check('The question for peers');
  return question;
}

export function encodePeersAnswer({ packs, askAgainMs }: PeersAnswer): Uint8Array {
  return wire.FindPeersResponse.encode({
    packs: packs.map(({ pack, peers, seed }) => ({
      pack,
      peers: [...peers],
      seedRank: seed?.rank ?? 0,
      seedOf: seed?.of ?? 0,
    })),
    askAgainMs: Math.round(askAgainMs),
  }).finish();
}

export function decodePeersAnswer(bytes: Uint8Array): PeersAnswer {
  const read = new FieldReader();
  const message = wire.FindPeersResponse.decode(bytes);
  const answer = {
    packs: read
      .list('packs', message.packs, peerLimits.packs)
      .map((pack, at) => packPeers(read, `packs[${at}]`, pack)),
    askAgainMs: message.askAgainMs,
  };
  read.check("The coordinator's answer", 'corrupt');
  return answer;
}

function packPeers(read: FieldReader, path: string, message: capstan.v1.IPackPeers): PackPeers {
  const rank = message.seedRank ?? 0;
  const of = message.seedOf ?? 0;
  if (of > peerLimits.seeds || rank >= Math.max(1, of)) read.fault(`${path}.seed_rank`, 'below seed_of');
  return {
    pack: read.text(`${path}.pack`, message.pack, isDigest, 'a digest'),
    peers: read
      .list(`${path}.peers`, message.peers, peerLimits.holders)
      .map((peer, at) => peerFromWire(read, `${path}.peers[${at}]`, peer)),
    seed: of === 0 ? undefined : { rank, of },
  };
}

const peerFromWire = (read: FieldReader, path: string, { node, url }: capstan.v1.IPeer): Peer => ({
  node: read.text(`${path}.node`, node, isNodeName, 'a DNS label'),
  url: read.text(`${path}.url`, url, isPeerUrl, urlRule),
});

const digests = (read: FieldReader, path: string, list: readonly string[] | null | undefined) =>
  read
    .list(path, list, peerLimits.packs)
    .map((digest, at) => read.text(`${path}[${at}]`, digest, isDigest, 'a digest'));

const urlRule = 'https://HOST:PORT';
