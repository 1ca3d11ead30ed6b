import { CapstanError } from '../../../../shared/model/errors.js';
import { isRolloutId } from '../../../../shared/model/ids.js';
import { type Need, needs, requireRights } from '../../../core/operators/access.js';
import type { Concern } from '../../../core/operators/rights.js';
import type { Inventory } from '../../../ports/inventory.js';
import { type IdentifiedCall, type Identify, type OperatorCaller, requireOperator } from '../identity.js';

/** A call as it came in. */
export interface IncomingCall extends IdentifiedCall {
  readonly request: unknown;
  /** `/capstan.v1.OperatorService/Deploy` */
  getPath(): string;
}

interface AdmissionOptions {
  readonly identify: Identify;
  readonly inventory: Pick<Inventory, 'rolloutHead'>;
}

/**
 * The one door of the operators' service: who calls, and whether they may, by what `needs` says of the call.
 * @throws CapstanError `unauthenticated`, `permissionDenied`
 */
export function createAdmission({ identify, inventory }: AdmissionOptions) {
  return async (call: IncomingCall): Promise<OperatorCaller> => {
    const caller = requireOperator(identify(call));
    const method = call.getPath().slice(call.getPath().lastIndexOf('/') + 1);
    const need = Object.hasOwn(needs, method) ? needs[method] : undefined;
    if (need === undefined) throw new CapstanError('permissionDenied', `Nobody may call ${method}.`);
    const said = (key: string): string => textOf(call.request, key);
    const asked = { app: said('app'), env: said('env'), action: said('action'), consumer: said('consumer') };
    const role = typeof need.role === 'string' ? need.role : need.role(asked);
    // Who may not anywhere is not told which rollouts there are.
    requireRights(caller.name, caller.rights, role, { kind: 'nothing' });
    const concern = await concernOf(need, { ...asked, id: said('id') }, inventory);
    requireRights(caller.name, caller.rights, role, concern);
    return caller;
  };
}

async function concernOf(
  { about }: Need,
  { app, env, id }: { readonly app: string; readonly env: string; readonly id: string },
  inventory: AdmissionOptions['inventory'],
): Promise<Concern> {
  if (about !== 'rollout') return { kind: about, app, env };
  if (!isRolloutId(id)) return { kind: 'everything' };
  const { header } = (await inventory.rolloutHead(id)).record;
  return { kind: 'environment', app: header.app, env: header.env };
}

function textOf(request: unknown, key: string): string {
  const value: unknown = typeof request === 'object' && request !== null ? Reflect.get(request, key) : '';
  return typeof value === 'string' ? value : '';
}
