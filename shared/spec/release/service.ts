import * as z from 'zod';
import { maxGraceMs, type ServiceSpec } from '../../model/release-spec.js';
import { command, duration, unitName, userName } from '../fields.js';
import { fault, strict } from '../validate.js';
import { innerPath } from './inner-paths.js';

const processService = strict({
  command,
  stop: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP']).default('SIGTERM'),
  grace: duration({ maxMs: maxGraceMs }).prefault('10s'),
  user: userName.optional().describe("Whom it runs as, if the node's configuration allows it."),
}).transform(
  (raw): ServiceSpec => ({
    kind: 'process',
    command: raw.command,
    stopSignal: raw.stop,
    graceMs: raw.grace,
    ...(raw.user === undefined ? {} : { user: raw.user }),
  }),
);

const systemdService = strict({
  unit: unitName,
  file: innerPath.optional().describe('Where the unit lies in the release; without it, the host has it.'),
  reload: z.boolean().default(false).describe('Reload it for a new release instead of restarting it.'),
}).transform(
  (raw): ServiceSpec => ({
    kind: 'systemd',
    unit: raw.unit,
    ...(raw.file === undefined ? {} : { file: raw.file }),
    ...(raw.reload ? { reload: true } : {}),
  }),
);

/** One of `process` and `systemd`, or `none`. */
export const service = z
  .preprocess(
    (input) => (input === 'none' ? {} : input),
    strict({ process: processService.optional(), systemd: systemdService.optional() }),
  )
  .transform(({ process, systemd }, context): ServiceSpec => {
    if (process !== undefined && systemd !== undefined) {
      fault(context, 'must be one of process and systemd, not both');
      return z.NEVER;
    }
    return process ?? systemd ?? { kind: 'none' };
  });
