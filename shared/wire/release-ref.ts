import { CapstanError } from '../model/errors.js';
import { isDigest, isReleaseVersion } from '../model/ids.js';
import {
  type AssetFolder,
  type DatabaseFact,
  type DeltaRef,
  maxDeltas,
  type ReleaseRef,
} from '../model/release.js';
import type { AssetFolder__Output as WireAssets } from './gen/capstan/v1/AssetFolder.js';
import type { DatabaseFact__Output as WireDatabase } from './gen/capstan/v1/DatabaseFact.js';
import type { DeltaRef__Output as WireDelta } from './gen/capstan/v1/DeltaRef.js';
import type { ReleaseRef__Output as Wire, ReleaseRef as WireOut } from './gen/capstan/v1/ReleaseRef.js';

export const releaseRefToWire = (ref: ReleaseRef): WireOut => ({
  version: ref.version,
  digest: ref.digest,
  manifestSize: ref.manifestSize,
  layoutDigest: ref.layout.digest,
  layoutSize: ref.layout.size,
  contentSize: ref.contentSize,
  fileCount: ref.fileCount,
  packSize: ref.packSize,
  deltas: ref.deltas.map(({ patch, ...delta }) => ({
    ...delta,
    patchDigest: patch?.digest ?? '',
    patchSize: patch?.size ?? 0,
  })),
  assets: [...(ref.assets ?? [])],
  database: ref.database ?? null,
  envelope: ref.envelope ?? '',
});

/** @throws CapstanError `corrupt` if a field is not what it must be */
export function releaseRefFromWire(wire: Wire): ReleaseRef {
  const { version, digest, layoutDigest } = wire;
  if (!isReleaseVersion(version) || !isDigest(digest) || !isDigest(layoutDigest)) {
    throw strange();
  }
  return {
    version,
    digest,
    manifestSize: Number(wire.manifestSize),
    layout: { digest: layoutDigest, size: Number(wire.layoutSize) },
    contentSize: Number(wire.contentSize),
    fileCount: Number(wire.fileCount),
    packSize: Number(wire.packSize),
    deltas: wire.deltas.slice(0, maxDeltas).map(deltaFromWire),
    ...(wire.assets.length === 0 ? {} : { assets: wire.assets.map(assetsFromWire) }),
    ...(wire.database === null ? {} : { database: databaseFromWire(wire.database) }),
    ...(wire.envelope === '' ? {} : { envelope: wire.envelope }),
  };
}

function assetsFromWire({ dir, digest }: WireAssets): AssetFolder {
  if (!isDigest(digest)) throw strange();
  return { dir, digest };
}

const databaseFromWire = ({ reversible, timeoutMs }: WireDatabase): DatabaseFact => ({
  reversible,
  timeoutMs: Number(timeoutMs),
});

function deltaFromWire(wire: WireDelta): DeltaRef {
  const { from, digest, patchDigest } = wire;
  if (!isDigest(from) || !isDigest(digest) || !(patchDigest === '' || isDigest(patchDigest))) throw strange();
  return {
    ...{ from, digest },
    size: Number(wire.size),
    rawSize: Number(wire.rawSize),
    patch: patchDigest === '' ? undefined : { digest: patchDigest, size: Number(wire.patchSize) },
  };
}

const strange = (): CapstanError =>
  new CapstanError('corrupt', 'The coordinator described a release in a way that cannot be right.');
