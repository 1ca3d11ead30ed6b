import { CapstanError } from '../../../../shared/model/errors.js';
import {
  isAppName,
  isEnvName,
  isNodeName,
  isRolloutId,
  type RolloutId,
} from '../../../../shared/model/ids.js';
import type { Identity } from '../../../core/enrolment/identities.js';
import { explainRollout } from '../../../core/rollout/explain/explain.js';
import type { WhyAnswer } from '../../../ports/inventory.js';
import { findEnvironment } from '../../commands/places.js';
import { comparedIn } from '../comparing.js';
import { explained, type WhyQuestion } from './answers.js';
import { whyApplication, whyEnvironment } from './why-environment.js';
import { whyNode } from './why-node.js';
import { whyRelease } from './why-release.js';

/** Names the constraint that holds a node, a rollout, a release or an environment up. */
export async function why(question: WhyQuestion): Promise<WhyAnswer> {
  const { world, subject } = question;
  if (subject.includes('@')) return whyRelease(question);
  if (subject.includes('/')) return whyPlace(question);
  const entry = isNodeName(subject) ? world.nodes.get(subject) : undefined;
  if (entry !== undefined && !entry.record.decommissioned) return whyNode(question, entry);
  const enrolled = isNodeName(subject) ? world.identities.get(subject) : undefined;
  if (enrolled !== undefined) return whyUnseen(enrolled);
  const rollout = isRolloutId(subject) ? await whyRollout(question, subject) : undefined;
  if (rollout !== undefined) return rollout;
  if (isAppName(subject) && world.applications.has(subject))
    return (await whyApplication(question, subject)).said;
  throw new CapstanError('notFound', `There is no node, rollout or application named "${subject}".`, {
    hint: 'See `capstan node list`, `capstan rollout list` and `capstan status`.',
  });
}

/** It has a name and a certificate, and nothing was heard of it. */
const whyUnseen = ({ node, enrolledAt }: Identity): WhyAnswer => ({
  kind: 'node',
  answer: `${node} has enrolled, and its agent has never polled`,
  details: [],
  since: enrolledAt,
  hint: `Start its agent, and look at what it logs. If there is no such server any more: \`capstan node decommission ${node}\`.`,
  logTail: '',
});

async function whyPlace(question: WhyQuestion): Promise<WhyAnswer> {
  const [app = '', env = '', ...more] = question.subject.split('/');
  if (isAppName(app) && isEnvName(env) && more.length === 0)
    return (await whyEnvironment(question, findEnvironment(question.world, app, env))).said;
  throw new CapstanError('invalid', 'An environment is named APP/ENV, such as web/production.');
}

async function whyRollout(question: WhyQuestion, id: RolloutId): Promise<WhyAnswer | undefined> {
  const found = await question.rolloutState(id).catch((error: unknown) => {
    if (error instanceof CapstanError && error.code === 'notFound') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  const said = explained('rollout', explainRollout(found.state, question.up), question);
  const active = question.world.rollouts.get(id);
  const compared = active === undefined ? [] : comparedIn(question.world, active, question);
  return { ...said, details: [...said.details, ...compared] };
}
