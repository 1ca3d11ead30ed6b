/** What becomes of a newcomer. */
export type Entry<Member> =
  | { readonly kind: 'in' }
  /** Another one has to go for it. */
  | { readonly kind: 'instead'; readonly of: Member }
  | { readonly kind: 'full' };

/**
 * A room for so many, shared fairly between groups (addresses): when it is full, the group that has the most in it gives up its
 * oldest member for a newcomer of a group that has fewer. So one group may fill it while nobody else wants in, and cannot
 * keep anybody out.
 */
export class Crowd<Member> {
  readonly #patienceMs: number;
  /** Oldest first; the value is when it came. */
  readonly #groups = new Map<string, Map<Member, number>>();
  readonly #groupOf = new Map<Member, string>();
  /** The groups by how many members they have. */
  readonly #bySize = new Map<number, Set<string>>();
  #largest = 0;

  /**
   * @param patienceMs a member that is older gives way also to a newcomer of a group that has as many: among those who share
   * an address, too, somebody who sits and waits keeps nobody out. Infinity: never
   */
  constructor({ patienceMs }: { readonly patienceMs: number }) {
    this.#patienceMs = patienceMs;
  }

  get size(): number {
    return this.#groupOf.size;
  }

  /** @param max how many there may be, with the newcomer */
  enter(member: Member, group: string, now: number, max: number): Entry<Member> {
    if (this.size < max) {
      this.#add(member, group, now);
      return { kind: 'in' };
    }
    const [oldest] = this.#groups.get(this.#crowded() ?? '') ?? [];
    if (oldest === undefined) return { kind: 'full' };
    const [of, since] = oldest;
    const own = this.#groups.get(group)?.size ?? 0;
    if (this.#largest <= own + 1 && now - since < this.#patienceMs) return { kind: 'full' };
    this.leave(of);
    this.#add(member, group, now);
    return { kind: 'instead', of };
  }

  /** Does nothing if it is not there. */
  leave(member: Member): void {
    const group = this.#groupOf.get(member);
    const members = group === undefined ? undefined : this.#groups.get(group);
    if (group === undefined || members === undefined) return;
    this.#groupOf.delete(member);
    members.delete(member);
    if (members.size === 0) this.#groups.delete(group);
    this.#resize(group, members.size + 1, members.size);
  }

  #add(member: Member, group: string, now: number): void {
    const members = this.#groups.get(group) ?? new Map<Member, number>();
    this.#groups.set(group, members);
    this.#groupOf.set(member, group);
    members.set(member, now);
    this.#resize(group, members.size - 1, members.size);
  }

  #resize(group: string, from: number, to: number): void {
    const before = this.#bySize.get(from);
    before?.delete(group);
    if (before?.size === 0) this.#bySize.delete(from);
    if (to > 0) this.#bySize.set(to, (this.#bySize.get(to) ?? new Set()).add(group));
    // One member more or less: the largest group is at most one larger or smaller than it was.
    if (to > this.#largest) this.#largest = to;
    else if (!this.#bySize.has(this.#largest)) this.#largest = to;
  }

  #crowded(): string | undefined {
    const [group] = this.#bySize.get(this.#largest) ?? [];
    return group;
  }
}
