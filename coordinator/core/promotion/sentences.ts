import { formatDuration } from '../../../shared/core/duration.js';
import type { AppName, EnvName, ReleaseVersion } from '../../../shared/model/ids.js';
import type { Lack } from './types.js';

/** What is lacking, as the end of "web 1.4.0 may not come into production: …". */
export function lackText(lack: Lack): string {
  switch (lack.kind) {
    case 'unproven':
      return `it has not proven itself in ${lack.from}`;
    case 'unbaked': {
      const how = `it was the proven release in ${lack.from} for ${formatDuration(inSeconds(lack.doneMs))} of ${formatDuration(lack.bakeMs)}`;
      return lack.goesOn ? how : `${how}, and is no longer`;
    }
    case 'unchecked':
      return `check ${lack.check} was not recorded`;
    case 'failedCheck': {
      const { name, by, reason } = lack.check;
      return `check ${name} failed, says ${by}${reason === '' ? '' : ` (${reason})`}`;
    }
    case 'unapproved':
      return `it has ${lack.by.length} of ${approvals(lack.needed)}${lack.own.length === 0 ? '' : ' by others than who published it'}${lack.by.length === 0 ? '' : ` (${lack.by.join(', ')})`}`;
  }
}

const inSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;

const approvals = (count: number): string => `${count} approval${count === 1 ? '' : 's'}`;

/** What is to be done about each of them, in their order. */
export const lackHints = (lacks: readonly Lack[], about: About): string =>
  lacks.map((lack) => lackHint(lack, about)).join(' ');

interface About {
  readonly app: AppName;
  readonly version: ReleaseVersion;
  readonly env: EnvName;
}

function lackHint(lack: Lack, { app, version, env }: About): string {
  const release = `${app}@${version}`;
  switch (lack.kind) {
    case 'unproven':
      return `Deploy it there first: \`capstan deploy ${release} --env ${lack.from}\`.`;
    case 'unbaked':
      return lack.goesOn
        ? `It may in ${formatDuration(Math.ceil((lack.bakeMs - lack.doneMs) / 1000) * 1000)}.`
        : `Deploy it there again: \`capstan deploy ${release} --env ${lack.from}\`.`;
    case 'unchecked':
      return `When it has passed: \`capstan check record ${release} ${lack.check} --passed\`.`;
    case 'failedCheck':
      return `Publish a build that passes; or run it again, and when it has passed: \`capstan check record ${release} ${lack.check.name} --passed\`.`;
    case 'unapproved': {
      const others = [...lack.own, ...lack.by];
      return `${others.length === 0 ? 'Have it approved' : `Have it approved by somebody other than ${others.join(', ')}`}: \`capstan approve ${release} --to ${env}\`.`;
    }
  }
}
