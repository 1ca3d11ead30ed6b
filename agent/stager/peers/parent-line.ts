import type { PeersAnswer } from '../../../shared/model/peers.js';
import type { StagerEvent } from '../protocol.js';
import type { SharingParent } from './exchange.js';

/** The questions that a child asks its parent, and the lines in which it is answered. */
export interface ParentLine extends SharingParent {
  /** A line that the parent has written after the job. */
  take(line: string): void;
}

/** Longer than the parent waits for the coordinator. Milliseconds. */
const answerMs = 2000;

/** @param write writes an event for the parent */
export function createParentLine(write: (event: StagerEvent) => void): ParentLine {
  const waiting = new Map<number, (answer: PeersAnswer | undefined) => void>();
  let last = 0;
  return {
    ask(question) {
      last += 1;
      const id = last;
      write({ kind: 'findPeers', id, question });
      return new Promise((resolve) => {
        const settle = (answer: PeersAnswer | undefined): void => {
          clearTimeout(late);
          waiting.delete(id);
          resolve(answer);
        };
        const late = setTimeout(settle, answerMs, undefined);
        waiting.set(id, settle);
      });
    },
    tell(news) {
      write({ kind: 'spooled', news });
    },
    take(line) {
      const { id, answer } = parseLine(line) ?? {};
      if (id !== undefined) waiting.get(id)?.(answer);
    },
  };
}

/** What the parent writes, which is of the same package; the coordinator's answer in it was checked there. */
interface PeersLine {
  readonly id: number;
  readonly answer?: PeersAnswer;
}

function parseLine(line: string): PeersLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isPeersLine(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isPeersLine = (value: unknown): value is PeersLine =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number';

/** The parent's side: the line that answers a question. */
export const peersLine = (id: number, answer: PeersAnswer | undefined): string =>
  `${JSON.stringify({ id, ...(answer === undefined ? {} : { answer }) })}\n`;
