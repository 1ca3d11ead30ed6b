import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Address, addressText } from '../../../shared/settings/kinds.js';
import { bad, type Finding, note, ok, said } from './finding.js';

/** What is asked about an address to listen on. */
export interface ListenCheck {
  readonly check: string;
  /** The flag that names it. */
  readonly setting: string;
  readonly address: Address;
  /** The agent that runs with this state directory, if one does. */
  readonly agentPid: number | undefined;
}

/** Whether the agent could listen there: listens for a moment itself, unless the agent that runs does already. */
export async function checkListen({ check, setting, address, agentPid }: ListenCheck): Promise<Finding> {
  const where = addressText(address);
  if (address.port === 0) return ok(check, `${where}: any free port`);
  const fault = await listenOnce(address);
  if (fault === undefined) return ok(check, `${where} is free`);
  if (fault.code !== 'EADDRINUSE') {
    return bad(
      check,
      `cannot listen on ${where}: ${said(fault)}`,
      `give an address of this host with ${setting}`,
    );
  }
  const isOwn = agentPid === undefined ? false : listens(agentPid, address.port);
  const holder = `the agent that runs (pid ${agentPid ?? 0})`;
  if (isOwn === true) return ok(check, `${where} is held by ${holder}`);
  if (isOwn === undefined) {
    return note(
      check,
      `${where} is held, by ${holder} or another program`,
      'run the doctor as the user of the agent to know',
    );
  }
  return bad(
    check,
    `${where} is held by another program`,
    `stop it, or choose another address with ${setting}`,
  );
}

function listenOnce({ host, port }: Address): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port }, () => {
      server.close(() => {
        resolve(undefined);
      });
    });
  });
}

/** The process that holds the lock of a state directory; undefined if none does. */
export function holderOf(stateDir: string): number | undefined {
  try {
    const pid = Number(readlinkSync(join(stateDir, 'lock')).split(':')[0]);
    readFileSync(`/proc/${pid}/stat`);
    return pid;
  } catch {
    return undefined; // there is none, or what held it has ended
  }
}

/** Whether a process listens on a port; undefined if that is not to be seen by this user. */
function listens(pid: number, port: number): boolean | undefined {
  try {
    const ours = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => targetOf(`/proc/${pid}/fd/${fd}`)));
    return ['tcp', 'tcp6'].some((table) =>
      listenersIn(`/proc/${pid}/net/${table}`, port).some((inode) => ours.has(`socket:[${inode}]`)),
    );
  } catch {
    return undefined;
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return ''; // closed meanwhile
  }
}

const listenState = '0A';

/** Inodes of the sockets that listen on a port, from a table of the kernel's. */
function listenersIn(table: string, port: number): readonly string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = readFileSync(table, 'latin1').trim().split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
    return state === listenState && local.endsWith(`:${wanted}`) ? [inode] : [];
  });
}
