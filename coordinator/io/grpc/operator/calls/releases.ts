import { nearest } from '../../../../../shared/core/nearest.js';
import type { Digest } from '../../../../../shared/model/ids.js';
import type { OperatorServiceHandlers } from '../../../../../shared/wire/gen/capstan/v1/OperatorService.js';
import type { ReleaseView } from '../../../../../shared/wire/gen/capstan/v1/ReleaseView.js';
import { releaseRefToWire } from '../../../../../shared/wire/release-ref.js';
import type { ApplicationSummary, ReleaseSummary } from '../../../../ports/inventory.js';
import type { OperatorServiceOptions } from '../options.js';
import { forgiveCommand } from '../poison.js';
import * as given from '../requests.js';
import { poisonView, releaseView } from '../views.js';
import type { Answer } from './answer.js';
import { createPromotionCalls } from './promotion.js';

type Parts = Pick<
  OperatorServiceOptions,
  'operations' | 'inventory' | 'stores' | 'upload' | 'jobs' | 'assets'
> &
  Answer;

/** From a build that is published to one that may be deployed, and what is kept of them all. */
export function releaseCalls({ unary, stream, operations, inventory, stores, upload, jobs, assets }: Parts) {
  const view = (release: ReleaseSummary): ReleaseView => releaseView(release, stores(), assets?.publicUrl);
  const promotion = createPromotionCalls({ operations, inventory, view });
  return {
    BeginPublish: unary(({ app, version }, { operator }) => {
      const existing = inventory.findRelease(given.appName(app), given.version(version));
      const { url, ticket } = upload(operator?.hash);
      return {
        ...{
          uploadUrl: url,
          ticket: ticket === '' ? (assets?.ticket(operator?.hash) ?? '') : ticket,
          existingDigest: existing?.retiredAt === undefined ? (existing?.digest ?? '') : '',
        },
        assetsUploadUrl: assets?.uploadUrl ?? '',
        bases: inventory.bases(given.appName(app)).map(releaseRefToWire),
        store: stores()[0] ?? '',
        note: unknownAppNote(app, inventory.applications()),
      };
    }),
    ClaimObjects: unary(async ({ app, version, paths }, { name }) => {
      await jobs.claim(given.appName(app), given.version(version), name, paths);
      return {};
    }),
    RegisterRelease: unary(async (request, { name }) => {
      const identity = given.identityOf('RegisterRelease', name, request);
      const app = given.appName(request.app);
      const sent = given.releaseRef(request.release);
      if (sent.envelope !== undefined) given.envelope(sent.envelope, { ...sent, app });
      // Nobody is told a delta from a release that was given up meanwhile, and what it leads from may be gone.
      const isKept = (from: Digest): boolean => inventory.releaseWith(app, from)?.retiredAt === undefined;
      const ref = { ...sent, deltas: sent.deltas.filter(({ from }) => isKept(from)) };
      await jobs.checkStored(ref, app, name);
      const { release, existed } = await operations.register(identity, app, ref);
      jobs.settle(app, ref.version);
      return {
        release: view(inventory.release(app, release.version)),
        existed,
      };
    }),
    ListReleases: unary(({ app, limit }) => ({
      releases: inventory.releases(given.optionalApp(app), given.limitOf(limit, 50)).map(view),
    })),
    GetRelease: unary(({ app, version }) =>
      view(inventory.release(given.appName(app), given.version(version))),
    ),

    SignRelease: unary(async (request, { name }) => {
      const identity = given.identityOf('SignRelease', name, request);
      const app = given.appName(request.app);
      const { release } = inventory.release(app, given.version(request.version));
      const envelope = given.envelope(request.envelope, release);
      await operations.sign(identity, { app, version: release.version, envelope });
      return view(inventory.release(app, release.version));
    }),

    RecordCheck: unary(promotion.recordCheck),
    ApproveRelease: unary(promotion.approve),
    PromoteRelease: unary(promotion.promote),

    ListPoison: unary(() => ({ poison: inventory.poisoned().map(poisonView) })),
    ForgivePoison: unary(async (request, { name }) => {
      const identity = given.identityOf('ForgivePoison', name, request);
      return poisonView(await operations.forgive(identity, ...forgiveCommand(request)));
    }),

    CollectGarbage: stream((watch) => jobs.collectGarbage(watch)),
    VerifyStore: stream((watch) => jobs.verify(watch)),
  } satisfies Partial<OperatorServiceHandlers>;
}

/** Publishing may come before the application, and a slip in its name looks the same. */
function unknownAppNote(app: string, applications: readonly ApplicationSummary[]): string {
  const names = applications.map(({ name }) => name);
  if (names.some((name) => name === app)) return '';
  const near = nearest(app, names);
  return near === undefined
    ? `There is no application "${app}" yet; \`capstan apply\` creates it.`
    : `There is no application "${app}" yet; there is "${near}".`;
}
