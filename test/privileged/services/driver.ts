import { NodeService } from '../../../agent/io/services/node-service.js';
import { Systemd } from '../../../agent/io/services/systemd/systemd.js';
import type { RunnableRelease, ServiceFacts } from '../../../agent/ports/node.js';
import { systemClock } from '../../../shared/io/clock.js';
import type { AppName, Digest, ReleaseVersion } from '../../../shared/model/ids.js';
import type { AppRules } from '../../../shared/model/node-rules.js';
import { type ServiceSpec, staticReleaseSpec } from '../../../shared/model/release-spec.js';
import { eventually } from '../../support/eventually.js';

/**
 * Runs on a host of its own and does one thing with the service of the application "web", as an agent that has just been
 * started would. What comes of it is printed as JSON.
 */
export interface Order {
  readonly action:
    | 'preflight'
    | 'start'
    | 'stop'
    | 'remove'
    | 'look'
    | 'exits'
    | 'tail'
    | 'stranger'
    | 'unit';
  readonly dir?: string;
  readonly service?: ServiceSpec;
  readonly env?: Readonly<Record<string, string>>;
  readonly rules?: Partial<AppRules>;
  /** As if the host had no systemd. */
  readonly alone?: boolean;
  readonly port?: number;
  readonly unit?: string;
}

const app = 'web' as AppName;
const base = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/root' };

function serviceOf({ alone = false, rules = {} }: Order): NodeService {
  const allowed: AppRules = { user: undefined, users: [], installUnits: false, ...rules };
  const mark = alone ? { bootedMark: '/nowhere' } : {};
  return new NodeService({
    app,
    folder: '/var/lib/capstan-agent/services/web',
    shim: ['/usr/local/bin/node', '/opt/capstan-shim.cjs'],
    base,
    systemd: new Systemd({ path: base.PATH, ...mark }),
    rules: { of: () => allowed, confDir: '/etc/capstan-agent/conf.d' },
    users: {
      of: (_app, name) =>
        Promise.resolve(name === undefined ? undefined : { name, uid: 33, gid: 33, home: '/var/www' }),
    },
    clock: systemClock,
  });
}

const releaseOf = ({ dir = '1', service = { kind: 'none' } }: Order): RunnableRelease => ({
  dir,
  release: { version: dir as ReleaseVersion, digest: 'sha256:00' as Digest },
  spec: { ...staticReleaseSpec, service },
  order: 1,
  app,
  path: `/srv/web/releases/${dir}`,
  config: {},
  env: 'test',
});

/** What is seen once systemd has answered and the service is up, or is not going to be. */
async function settled(service: NodeService): Promise<ServiceFacts | undefined> {
  const isSettled = (facts = service.observe()): boolean =>
    facts === undefined || facts.over === true || (facts.running && facts.main !== undefined);
  await eventually(() => isSettled(), { timeoutMs: 5_000 }).catch(() => undefined); // what there is tells more
  return service.observe();
}

async function act(order: Order): Promise<unknown> {
  const service = serviceOf(order);
  const release = releaseOf(order);
  switch (order.action) {
    case 'preflight':
      return service.preflight(release);
    case 'start':
      await service.start(release, { ...base, ...order.env });
      return settled(service);
    case 'stop':
      await service.stop();
      return service.observe();
    case 'remove':
      await service.remove();
      return service.observe();
    case 'look':
      return settled(service);
    case 'exits':
      // How it ended is known from the first time that it is seen between two starts.
      await eventually(
        () => {
          const { exits = 0, lastExit = '' } = service.observe() ?? {};
          return exits >= 3 && lastExit.includes('exit code');
        },
        { what: 'the third end' },
      );
      return service.observe();
    case 'tail':
      await settled(service);
      return service.logTail(8192, 'start');
    case 'stranger':
      return service.stranger({ host: '127.0.0.1', port: order.port ?? 0 });
    case 'unit':
      return service.unitFault(order.unit);
  }
}

const answer = await act(JSON.parse(process.argv[2] ?? '{}') as Order).catch((error: unknown) => ({
  refused: error instanceof Error ? error.message : String(error),
}));
process.stdout.write(JSON.stringify(answer ?? {}));
