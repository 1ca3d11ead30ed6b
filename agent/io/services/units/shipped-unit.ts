/**
 * What a unit that comes with a release may say. systemd reads unit files as root and does much as root before it becomes
 * the unit's user, so that only settings are let through that are known to be harmless in the hands of that user: a
 * list of the harmful ones would be short of the next systemd's.
 */

export interface UnitFault {
  /** From 1. */
  readonly line: number;
  /** Goes on after "line 3: ". */
  readonly message: string;
}

export const maxUnitBytes = 64 * 1024;

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const unitKeys = words(`
  Description Documentation After Before PartOf Requisite Wants
  StartLimitIntervalSec StartLimitBurst RequiresMountsFor AssertPathExists AssertPathIsDirectory AssertFileNotEmpty
  ConditionPathExists ConditionPathIsDirectory ConditionFileNotEmpty ConditionFileIsExecutable ConditionDirectoryNotEmpty
`);

const commandKeys = words(
  'ExecCondition ExecStartPre ExecStart ExecStartPost ExecReload ExecStop ExecStopPost',
);

const serviceKeys = words(`
  Type ExitType RemainAfterExit GuessMainPID NotifyAccess
  Restart RestartSec RestartSteps RestartMaxDelaySec RestartPreventExitStatus RestartForceExitStatus SuccessExitStatus
  TimeoutSec TimeoutStartSec TimeoutStopSec TimeoutAbortSec RuntimeMaxSec WatchdogSec
  KillMode KillSignal RestartKillSignal SendSIGHUP SendSIGKILL FinalKillSignal WatchdogSignal OOMPolicy
  User WorkingDirectory Environment UnsetEnvironment UMask Nice SyslogIdentifier SyslogLevel
  StandardInput StandardOutput StandardError
  LimitAS LimitCORE LimitCPU LimitDATA LimitFSIZE LimitNOFILE LimitNPROC LimitSIGPENDING LimitSTACK
  CPUAccounting CPUQuota CPUWeight IOAccounting IOWeight IPAccounting MemoryAccounting MemoryHigh MemoryLow MemoryMax MemoryMin
  MemorySwapMax TasksAccounting TasksMax
  NoNewPrivileges PrivateDevices PrivateIPC PrivateNetwork PrivateTmp PrivateUsers ProtectClock ProtectControlGroups
  ProtectHome ProtectHostname ProtectKernelLogs ProtectKernelModules ProtectKernelTunables ProtectProc ProcSubset
  ProtectSystem ReadOnlyPaths InaccessiblePaths NoExecPaths ExecPaths RemoveIPC
  RestrictAddressFamilies RestrictFileSystems RestrictNamespaces RestrictRealtime RestrictSUIDSGID LockPersonality
  MemoryDenyWriteExecute SystemCallArchitectures SystemCallErrorNumber SystemCallFilter CapabilityBoundingSet
  IPAddressAllow IPAddressDeny
`);

/** Read by `systemctl enable` only, which nobody calls. */
const installKeys = words('WantedBy RequiredBy Also Alias DefaultInstance UpheldBy');

const sections: Readonly<Record<string, ReadonlySet<string>>> = {
  Unit: unitKeys,
  Service: new Set([...serviceKeys, ...commandKeys]),
  Install: installKeys,
};

/** What is only looked at, not started. */
const harmlessWants = words('network.target network-online.target nss-lookup.target time-sync.target');
const streams = words('journal null inherit tty-fail data');

/**
 * What is wrong with a unit file for it to be installed to run as this user; undefined: nothing. What is run as root may
 * say anything, since it could do anything.
 * @param user whom the node's configuration names
 */
export function unitFileFault(content: Uint8Array, user: string): UnitFault | undefined {
  if (content.length > maxUnitBytes) return { line: 1, message: `it is longer than ${maxUnitBytes} bytes` };
  const read = readLines(content);
  if ('message' in read) return read;
  if (!read.some(({ section, key }) => section === 'Service' && key === 'ExecStart')) {
    return { line: 1, message: 'it has no [Service] with an ExecStart=' };
  }
  if (user === 'root') return undefined;
  for (const { line, ...setting } of read) {
    const message = settingFault(setting, user);
    if (message !== undefined) return { line, message };
  }
  return undefined;
}

interface Setting {
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

function settingFault({ section, key, value }: Setting, user: string): string | undefined {
  if (sections[section]?.has(key) !== true) {
    return `${key}= in [${section}] is not for units that come with a release and run as "${user}"; put it into a drop-in on the host`;
  }
  if (commandKeys.has(key)) return commandFault(key, value, user);
  if (key === 'User' && value !== user) {
    return `User=${value} is not the user that this node's configuration names: "${user}"`;
  }
  if (key === 'Wants' && value.split(/\s+/).some((name) => name !== '' && !harmlessWants.has(name))) {
    return `Wants=${value} would start other units of the host`;
  }
  if (key.startsWith('Standard') && !streams.has(value)) {
    return `${key}=${value} would be opened as root; use journal or null`;
  }
  return undefined;
}

/**
 * systemd takes `+`, `!` and `!!` before a program, also within quotes or written as `\x2b`, for "with all the powers of
 * root", and ` ; ` for the start of another command.
 */
function commandFault(key: string, value: string, user: string): string | undefined {
  if (value === '') return undefined;
  const prefix = /^[^A-Za-z0-9/]*/.exec(value)?.[0] ?? '';
  if (/[+!|]/.test(prefix)) return `${key}=${value} would not run as "${user}" but with more rights`;
  if (!/^[@:-]*[A-Za-z0-9_./][A-Za-z0-9_./@:+=,~-]*(?:\s|$)/.test(value)) {
    return `${key}= must begin with a plain path of a program, without quotes, backslashes or specifiers`;
  }
  return /(?:^|\s);(?:\s|$)/.test(value)
    ? `${key}= must hold one command; give each a line of its own`
    : undefined;
}

/** The settings as systemd reads them; what two readers might read differently is refused. */
function readLines(content: Uint8Array): readonly (Setting & { readonly line: number })[] | UnitFault {
  const text = decode(content);
  if (text === undefined) return { line: 1, message: 'it is not UTF-8' };
  const settings: (Setting & { line: number })[] = [];
  let section = '';
  let begun: { readonly line: number; readonly text: string } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    if (/[^\P{Cc}\t]|\uFEFF/u.test(raw)) return { line, message: 'it holds a control character' };
    const trimmed = raw.trim();
    const isComment = /^[#;]/.test(trimmed);
    if (begun === undefined && (trimmed === '' || isComment)) continue;
    if (begun !== undefined && isComment) return { line, message: 'a comment within a setting' };
    if (/\\\\$|\\\s+$/.test(raw)) return { line, message: 'it ends with more than one backslash' };
    const whole = begun === undefined ? trimmed : `${begun.text} ${trimmed}`;
    const from = begun?.line ?? line;
    begun = whole.endsWith('\\') ? { line: from, text: whole.slice(0, -1).trimEnd() } : undefined;
    if (begun !== undefined) continue;
    const [, header] = /^\[([A-Za-z]+)\]$/.exec(whole) ?? [];
    if (header !== undefined) {
      section = header;
      continue;
    }
    const [, key, value = ''] = /^([A-Za-z0-9]+)\s*=\s*(.*)$/.exec(whole) ?? [];
    if (key === undefined || section === '') return { line: from, message: `"${whole}" is not a setting` };
    settings.push({ section, key, value, line: from });
  }
  return begun === undefined ? settings : { line: begun.line, message: 'the last line goes on' };
}

function decode(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}
