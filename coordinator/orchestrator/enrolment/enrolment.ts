import type { Enrolment } from '../../ports/enrolment.js';
import type { Batch } from '../batch.js';
import type { Answers } from '../commands/answers.js';
import type { Loop } from '../loop.js';
import type { World } from '../world.js';
import { enrol } from './enrol.js';
import { createToken, revokeToken } from './tokens.js';

export interface EnrolmentOptions {
  readonly loop: Loop<Batch>;
  readonly answers: Answers;
  readonly world: () => World;
}

/** Who may become a node, and who is one: what changes is a job of the loop. */
export function createEnrolment({ loop, answers, world }: EnrolmentOptions): Enrolment {
  return {
    createToken: (call, command) => answers.once(call, (batch) => createToken(batch, command, call.by)),
    revokeToken: (call, id) => answers.once(call, (batch) => revokeToken(batch, id, call.by)),
    tokens: () => [...world().tokens.values()].sort((a, b) => b.createdAt - a.createdAt),
    enrol: (command) => loop.do((batch) => enrol(batch, command)),
    identityOf: (node) => world().identities.get(node),
  };
}
