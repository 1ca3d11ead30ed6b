import { environmentIn } from './checks/check.js';
import type { SimNode } from './node.js';
import type { Site } from './site.js';

/** For how long somebody looks whether requests can be switched yet, and how often. Milliseconds. */
const lookForMs = 9000;
const lookEveryMs = 1500;

/**
 * Something happens as soon as requests begin to be switched to a group, which somebody asks for.
 * @param later not at the first switch of the site, before which both groups take them
 */
export function atSwitch(site: Site, later: boolean, happens: (towards: string) => void): void {
  site.atSwitch = () => {
    const active = environmentIn(site.store.tables)?.activeSlot;
    if (later && active === undefined) return;
    site.atSwitch = undefined;
    happens(active === 'blue' ? 'green' : 'blue');
  };
  for (let afterMs = lookEveryMs; afterMs <= lookForMs; afterMs += lookEveryMs)
    site.time.after(afterMs, () => {
      if (site.operators.active?.slots?.step === 'verified') site.operators.control('switch');
    });
}

/** Whatever serves there answers badly for a while. */
export function sicken({ time }: Site, { host }: SimNode, forMs: number): void {
  host.ill = true;
  host.onService();
  time.after(forMs, () => {
    host.ill = false;
    host.onService();
  });
}
