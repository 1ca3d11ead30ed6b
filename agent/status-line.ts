import { printable } from '../shared/core/printable.js';
import type { AppStatus, NodeStatus } from '../shared/model/node-status.js';

/** What is said of the conversation with the coordinator. */
export interface LinkFacts {
  readonly connected: boolean;
  /** host:port of the one in use, or that is tried next. */
  readonly coordinator: string;
  /** Why it is not connected; '' if that is not known. */
  readonly trouble: string;
  /** Whether the poll loop is where it is meant to be. */
  readonly onTime: boolean;
}

const appsShown = 5;

/** What the agent does, in the one line that `systemctl status` shows. */
export function statusLine({ apps }: NodeStatus, link: LinkFacts): string {
  const more = apps.length - appsShown;
  const shown = [...apps.slice(0, appsShown).map(appLine), ...(more > 0 ? [`${more} more`] : [])];
  return printable(`${linkLine(link)}; ${shown.length === 0 ? 'no applications' : shown.join(', ')}`, 500);
}

function linkLine({ connected, coordinator, trouble, onTime }: LinkFacts): string {
  if (!onTime) return 'the poll loop is stuck';
  if (connected) return `connected to ${coordinator}`;
  return trouble === '' ? `connecting to ${coordinator}` : `not connected: ${trouble}`;
}

function appLine({ app, phase, health, current }: AppStatus): string {
  const version = current === undefined ? '' : ` ${current.version}`;
  return `${app}${version} ${phase === 'healthy' ? health : phase}`;
}
