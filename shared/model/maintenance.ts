export const weekDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type WeekDay = (typeof weekDays)[number];

/** When nodes of an environment may be changed; outside it waits. */
export interface Maintenance {
  /** A name of the time zone database, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** At least one. */
  readonly windows: readonly MaintenanceWindow[];
}

export interface MaintenanceWindow {
  /** At least one. */
  readonly days: readonly WeekDay[];
  /** Minutes after local midnight at which it opens. */
  readonly fromMinutes: number;
  /** How long it stays open, however clocks are set meanwhile. */
  readonly forMs: number;
}
