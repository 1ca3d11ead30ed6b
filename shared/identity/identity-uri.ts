import { isNodeName, type NodeName } from '../model/ids.js';

/** Whose a node's certificate is. */
export interface NodeIdentity {
  readonly node: NodeName;
  /** Of its enrolment. */
  readonly identity: string;
}

/** How a certificate says whose it is. */
export const identityUri = ({ node, identity }: NodeIdentity): string => `capstan://node/${node}/${identity}`;

/**
 * What a certificate says, given all of its alternative names as Node.js writes them; undefined if it is none of a node.
 * It must have this one name and no other.
 */
export function readIdentityUri(names: string | undefined): NodeIdentity | undefined {
  const [, node, identity] =
    /^URI:capstan:\/\/node\/([a-z0-9-]{1,63})\/([0-9a-f]{32})$/.exec(names ?? '') ?? [];
  if (node === undefined || identity === undefined || !isNodeName(node)) return undefined;
  return { node, identity };
}
