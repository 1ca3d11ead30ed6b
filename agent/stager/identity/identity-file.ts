import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../../../shared/io/durable-file.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { isNodeName, type NodeName } from '../../../shared/model/ids.js';

/** Who this node is, as its state directory keeps it: one file, so that key and certificate always belong together. */
export interface StoredIdentity {
  readonly name: NodeName;
  /** PEM, as are the next two. */
  readonly key: string;
  readonly certificate: string;
  /** Of the coordinator's authority. */
  readonly ca: string;
  /** `host:port` each, for a start without --coordinator. */
  readonly coordinators: readonly string[];
  /** By how much this host's clock was ahead of the coordinator's when the certificate was made. Milliseconds. */
  readonly aheadMs: number;
}

const fileIn = (stateDir: string): string => join(stateDir, 'identity.json');

/**
 * Undefined if this node has not enrolled.
 * @throws CapstanError `invalid` if the file cannot be read, or is something else
 */
export function readIdentity(stateDir: string): StoredIdentity | undefined {
  const file = fileIn(stateDir);
  let json: string;
  try {
    json = readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw unreadable(file, cause);
  }
  try {
    return identityOf(new Map(Object.entries(JSON.parse(json) as object)));
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Readable by the owner only, since the key is in it. */
export const writeIdentity = (stateDir: string, identity: StoredIdentity): Promise<void> =>
  writeDurably(fileIn(stateDir), `${JSON.stringify(identity)}\n`, { mode: 0o600 });

/** No schema: what reads this stays in the agent for good. */
function identityOf(fields: ReadonlyMap<string, unknown>): StoredIdentity {
  const text = (name: string): string => {
    const value = fields.get(name);
    if (typeof value === 'string' && value !== '') return value;
    throw new Error(`it has no ${name}`);
  };
  const name = text('name');
  if (!isNodeName(name)) throw new Error('its name is none of a node');
  const listed: unknown = fields.get('coordinators');
  const coordinators = (Array.isArray(listed) ? listed : []).filter((each) => typeof each === 'string');
  const aheadMs = Number(fields.get('aheadMs'));
  return {
    ...{ name, key: text('key'), certificate: text('certificate'), ca: text('ca'), coordinators },
    aheadMs: Number.isFinite(aheadMs) ? aheadMs : 0,
  };
}

function unreadable(file: string, cause: unknown): CapstanError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CapstanError('invalid', `The identity of this node cannot be read: ${why}.`, {
    location: { file },
    hint: 'Run `capstan-agent enrol --again` with a new token.',
    cause,
  });
}
