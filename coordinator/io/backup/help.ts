const settings = `Of the settings of the coordinator (capstan-coordinator --help) these count, and are to be the same as it
runs with: --config, --data-dir, --database, --database-url-file, --operator-listen, --insecure-loopback.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the coordinator does not answer, 4 refused, 5 not there.
`;

export const backupHelp = `Usage: capstan-coordinator backup --to FILE|FOLDER [--force] [--output json] [SETTING]...

Takes a backup of the coordinator, while it runs or while it does not: the database as it is at one instant, the
certificate authority with its key, and the admin token. Releases are not in it: they are in the store. The file is
there whole or not at all, and for its owner alone.

  --to FILE|FOLDER
      The file to write, which ends in .tar.gz or .tgz; or a folder that is there: in it the file is called
      capstan-TIME.tar.gz.
  --force
      Replace the file if it is there.
  --output text|json
      What is printed about it.

Examples:
  capstan-coordinator backup --config /etc/capstan/coordinator.yml --to /var/backups/capstan
  capstan-coordinator backup --data-dir /var/lib/capstan --to /mnt/backup/capstan.tar.gz --force

${settings}`;

export const restoreHelp = `Usage: capstan-coordinator restore FILE [--after EPOCH] [--output json] [SETTING]...

Puts a backup into a data directory in which there are no data, after it was checked, and begins another epoch:
nodes take what the restored coordinator says, and refuse what the one before still says. It starts nothing. Once
the coordinator is started, all applications are frozen and nodes hold what they have until a person says go on.

  --after EPOCH
      The epoch that begins is to be later than this one. The log of a coordinator that nodes refuse names it.
  --output text|json
      What is printed about it.

Examples:
  capstan-coordinator restore /mnt/backup/capstan.tar.gz --config /etc/capstan/coordinator.yml
  capstan-coordinator restore capstan-2026-11-21T020000Z.tar.gz --data-dir /tmp/drill

${settings}`;
