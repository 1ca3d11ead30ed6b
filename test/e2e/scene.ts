import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { cleanUp } from '../support/cleanup.js';
import { eventually } from '../support/eventually.js';
import { type Fleet, type FleetOptions, startFleet } from '../support/fleet.js';
import { type LoadBalancer, startLoadBalancer } from '../support/load-balancer.js';
import { type LoadClient, startLoad } from '../support/load-client.js';
import { tempDir } from '../support/temp-dir.js';
import { type TinyApp, writeTinyApp } from '../support/tiny-app.js';
import type { StatusJson } from './shapes.js';

/** A fleet in a folder of its own; it goes away with the test, or with the suite if it is made in `before`. */
export async function fleetOf(nodes: number, options: Partial<FleetOptions> = {}): Promise<Fleet> {
  return startFleet({ dir: await tempDir(), nodes, ...options });
}

/** A fleet of any kind, by its coordinator. */
type Operated = Pick<Fleet, 'capstan'>;

/** Runs a command that has to succeed. */
export async function succeed(fleet: Operated, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await fleet.capstan(args, { timeoutMs: 150_000 });
  expect(code, `capstan ${args.join(' ')}:\n${stderr}${stdout}`).to.equal(0);
  return stdout;
}

/** Publishes a tiny release of `app`. */
export async function publishTiny(fleet: Fleet, app: string, release: TinyApp): Promise<void> {
  const dir = join(fleet.dir, 'releases', app, release.version);
  await writeTinyApp(dir, release);
  await succeed(fleet, 'publish', dir, '--app', app, '--version', release.version);
}

/** Applies one environment called `production` with these lines as its strategy. */
export async function applyStrategy(fleet: Operated, app: string, strategy: string): Promise<void> {
  const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: ${app} }
spec:
  environments:
    - name: production
      selector: role=web
      strategy:
${strategy.trimEnd().replaceAll(/^/gm, '        ')}
`;
  const file = join(await tempDir(), `${app}.yml`);
  await writeFile(file, spec);
  await succeed(fleet, 'apply', '-f', file);
}

/** A strategy of a pilot and then all others, one node at a time. @param more of its keys, a line each */
export const pilotThenRest = (more: string): string => `
type: rolling
maxUnavailable: 1
stage: { require: 100% }
waves:
  - { name: pilot, canary: { total: 1 } }
  - { name: rest }
${more}`;

interface Traffic {
  readonly balancer: LoadBalancer;
  readonly load: LoadClient;
}

/** A load balancer before the whole fleet, which is in service, and clients that use it from now on. */
export async function traffic(fleet: Fleet, app: string, paths: readonly string[]): Promise<Traffic> {
  const balancer = await startLoadBalancer({ backends: fleet.backends(app, '/healthz'), everyMs: 50 });
  cleanUp(() => balancer.close());
  await eventually(() => balancer.serving().size === fleet.nodes.length, {
    timeoutMs: 60_000,
    what: 'all to be in service',
  });
  const load = startLoad({ url: balancer.url, paths, workers: 4, pauseMs: 15 });
  cleanUp(() => load.stop().then(() => undefined));
  return { balancer, load };
}

/** Waits until the coordinator says that every node is healthy on this version and nothing is under way. */
export async function settledOn(fleet: Fleet, app: string, version: string): Promise<void> {
  const total = fleet.nodes.length;
  await eventually(
    async () => {
      const [status] = await fleet.json<readonly StatusJson[]>(['status', app]);
      if (
        status?.nodes.healthy === total &&
        status.versions[version] === total &&
        status.rollout === undefined
      ) {
        return true;
      }
      throw new Error(JSON.stringify(status));
    },
    { timeoutMs: 60_000, everyMs: 250, what: `all to settle on ${version}` },
  );
}
