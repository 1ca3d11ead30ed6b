/** What the CLI prints with `--output json`, as far as the end-to-end tests read it. */
export interface RolloutJson {
  readonly id: string;
  readonly status: string;
  readonly from: string | null;
  readonly to: string;
  readonly reason?: string;
  readonly slots?: { readonly active?: string; readonly step: string };
  readonly waves: readonly {
    readonly name: string;
    readonly status: string;
    readonly nodes: readonly RolloutNodeJson[];
  }[];
}

export interface RolloutNodeJson {
  readonly name: string;
  readonly phase: string;
  readonly reason?: string;
  readonly logTail?: string;
}

export interface StatusJson {
  readonly app: string;
  readonly env: string;
  readonly version: string | null;
  readonly nodes: { readonly total: number; readonly healthy: number };
  readonly versions: Readonly<Record<string, number>>;
  readonly rollout?: string;
  readonly activeSlot?: string;
}

export interface WhyJson {
  readonly kind: string;
  readonly answer: string;
  readonly details: readonly string[];
  readonly logTail?: string;
}

export interface EventJson {
  readonly position: number;
  readonly kind: string;
  readonly rollout?: string;
  readonly node?: string;
  readonly message: string;
}

export interface NodeJson {
  readonly name: string;
  readonly liveness: string;
  readonly apps: readonly {
    readonly app: string;
    readonly version: string | null;
    readonly health: string;
  }[];
}
