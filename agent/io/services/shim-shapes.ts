import {
  count,
  type Guard,
  listOf,
  object,
  oneOf,
  optional,
  text,
  texts,
} from '../../../shared/core/shapes.js';
import type { ProcessIdentity, ServiceOrder, ServiceStatus } from '../../shim/files.js';

const isSignal: Guard<NodeJS.Signals> = (value): value is NodeJS.Signals =>
  typeof value === 'string' && /^SIG[A-Z0-9]+$/.test(value);

export const isProcessIdentity = object<ProcessIdentity>({ pid: count, startTicks: text, bootId: text });

export const isServiceOrder = object<ServiceOrder>({
  dir: text,
  command: listOf(text),
  cwd: text,
  env: texts,
  stopSignal: isSignal,
  graceMs: count,
  statusFile: text,
  logFile: text,
  logMaxBytes: count,
  logFrom: count,
});

export const isServiceStatus = object<ServiceStatus>({
  dir: text,
  shim: isProcessIdentity,
  state: oneOf(['running', 'waiting', 'stopping', 'stopped']),
  service: optional(isProcessIdentity),
  exits: count,
  lastExit: text,
});
