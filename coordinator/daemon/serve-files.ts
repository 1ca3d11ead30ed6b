import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { packageRoot } from '../../shared/io/package-root.js';
import type { Clock } from '../../shared/ports/clock.js';
import type { Logger } from '../../shared/ports/logger.js';
import { assetsDirOf, type CoordinatorSettings, packagesDirOf, storeDirOf } from '../config.js';
import { type AssetStore, createAssetStore } from '../io/asset-store.js';
import type { Certificates } from '../io/ca/certificates.js';
import { assetsPrefix } from '../io/http/asset-routes.js';
import { AgentPackages } from '../io/http/install/agent-packages.js';
import type { InstallOptions } from '../io/http/install/install-routes.js';
import { type HttpGuard, startHttpServer } from '../io/http/server.js';
import { createUploadTickets } from '../io/http/upload-tickets.js';
import { createReleaseStore, type ReleaseStore } from '../io/release-store.js';
import { type AtEnd, listening, type Ports, reachedAt } from './parts.js';

interface FileParts {
  readonly settings: CoordinatorSettings;
  readonly env: NodeJS.ProcessEnv;
  /** Undefined: without TLS. */
  readonly certificates: Certificates | undefined;
  readonly guard: HttpGuard;
  readonly ports: Ports;
  /** Whether the token with this hash is good now. */
  readonly isOperator: (hash: string) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface ServedFiles {
  readonly releases: ReleaseStore;
  /** Undefined: there is no such store. */
  readonly assets: AssetStore | undefined;
  /** Undefined: nobody can be let in without TLS. */
  readonly install: InstallOptions | undefined;
}

/** Opens the HTTP port, with what of the stores and of the agent's packages is on this host. */
export async function serveFiles(parts: FileParts, atEnd: AtEnd): Promise<ServedFiles> {
  const { settings, certificates, ports, env, clock } = parts;
  const storeDir = storeDirOf(settings);
  const assetsDir = assetsDirOf(settings);
  const tickets = createUploadTickets({
    ...{ secret: randomBytes(32), now: () => clock.now() },
    isGood: parts.isOperator,
  });
  const install = installing(parts);
  const http = await listening(
    '--http-listen',
    startHttpServer({
      ...settings.httpListen,
      storeDir: storeDir === undefined ? undefined : resolve(storeDir),
      assetsDir: assetsDir === undefined ? undefined : resolve(assetsDir),
      ...{ install, tickets, logger: parts.logger, guard: parts.guard },
      certificate: certificates?.server,
    }),
  );
  atEnd(() => http.close({ drainMs: 5000 }));
  ports.http = http.port;
  const origin = originOf(parts);
  const ticket = (holder: string | undefined): string => tickets.issue(holder);
  const releases = createReleaseStore({
    url: storeDir === undefined ? settings.store : undefined,
    directory: { path: resolve(storeDir ?? ''), url: `${origin}/store/v1`, ticket },
    publicUrl: settings.publicStoreUrl,
    env,
  });
  const { assetsStore: url, assetsUrl: publicUrl } = settings;
  const builtIn = { url: `${origin}${assetsPrefix}`, ticket };
  const assets = url === undefined ? undefined : createAssetStore({ url, publicUrl, builtIn, env });
  return { releases, assets, install };
}

/** Where others reach the HTTP port. */
const originOf = ({ settings, certificates, ports }: FileParts): string =>
  `${certificates === undefined ? 'http' : 'https'}://${reachedAt(settings, settings.httpListen, ports.http)}`;

function installing(parts: FileParts): InstallOptions | undefined {
  const { settings, certificates, ports } = parts;
  if (certificates === undefined) return undefined;
  return {
    packages: new AgentPackages(resolve(packagesDirOf(settings))),
    scriptFile: join(packageRoot(), 'systemd', 'install.sh'),
    facts: () => ({
      coordinator: reachedAt(settings, settings.operatorListen, ports.operator),
      pin: certificates.authority.pin,
      serverPin: certificates.serverPin,
      origin: originOf(parts),
    }),
  };
}
