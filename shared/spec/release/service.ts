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

const agentService = strict({})
  .describe('The release is the agent itself.')
  .transform((): ServiceSpec => ({ kind: 'agent' }));

/** One of `process`, `systemd` and `agent`, or `none`. */
export const service = z
  .preprocess(
    (input) => (input === 'none' ? {} : input === 'agent' ? { agent: {} } : input),
    strict({
      process: processService.optional(),
      systemd: systemdService.optional(),
      agent: agentService.optional(),
    }),
  )
  .transform(({ process, systemd, agent }, context): ServiceSpec => {
    const [given, other] = [process, systemd, agent].filter((each) => each !== undefined);
    if (other !== undefined) {
      fault(context, 'must be one of process, systemd and agent, no more');
      return z.NEVER;
    }
    return given ?? { kind: 'none' };
  });
