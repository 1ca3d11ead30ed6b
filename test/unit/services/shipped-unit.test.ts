import { expect } from 'chai';
import { unitFileFault } from '../../../agent/io/services/units/shipped-unit.js';

const fault = (text: string, user = 'web'): string => {
  const found = unitFileFault(new TextEncoder().encode(text), user);
  return found === undefined ? '' : `${found.line}: ${found.message}`;
};
const service = (...lines: string[]): string =>
  `[Service]\nExecStart=/usr/bin/node server.js\n${lines.join('\n')}\n`;

describe('a unit that comes with a release', () => {
  it('may say what is common', () => {
    const text = `# of the web shop
[Unit]
Description=The shop
After=network-online.target postgresql.service
Wants=network-online.target

[Service]
Type=notify
User=web
WorkingDirectory=/srv/web/current
Environment="NODE_ENV=production" A=b
ExecStartPre=-/srv/web/current/bin/prepare --all
ExecStartPre=/srv/my-shop/current/bin/check_v2.1+x@y -a
ExecStart=@/usr/bin/node web \\
    server.js \\
    --port 80
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
LimitNOFILE=65536
ProtectSystem=strict
StandardError=journal

[Install]
WantedBy=multi-user.target
`;
    expect(fault(text)).to.equal('');
  });

  it('runs nothing with more rights than its user has', () => {
    for (const line of [
      'ExecStartPre=+/bin/chown web /etc',
      'ExecStartPre=!/bin/x',
      'ExecStop=!!/bin/x',
      'ExecStopPost=-+/bin/x',
      'ExecReload=@!/bin/x y',
      'ExecStart=\\\n  +/bin/x',
    ]) {
      expect(fault(service(line)), line).to.match(
        /^3: Exec\w+=.* would not run as "web" but with more rights$/,
      );
    }
    for (const line of [
      'ExecStartPre="+/bin/x"',
      "ExecStartPre='!/bin/x'",
      'ExecStartPre=\\x2b/bin/x',
      'ExecStop=/b"i"n/x',
    ]) {
      expect(fault(service(line)), line).to.match(/^3: .* plain path|^3: .* more rights/);
    }
    expect(fault(service('ExecStartPre=/bin/true ; +/bin/x'))).to.match(
      /^3: ExecStartPre= must hold one command/,
    );
  });

  it('takes nobody else for its user', () => {
    expect(fault(service('User=root'))).to.equal(
      '3: User=root is not the user that this node\'s configuration names: "web"',
    );
    for (const line of [
      'Group=root',
      'SupplementaryGroups=docker',
      'DynamicUser=yes',
      'AmbientCapabilities=CAP_SYS_ADMIN',
    ]) {
      expect(fault(service(line)), line).to.match(/is not for units that come with a release/);
    }
  });

  it('has nothing opened, removed, mounted or started by root for it', () => {
    for (const line of [
      'EnvironmentFile=/root/secrets',
      'LoadCredential=x:/etc/shadow',
      'PIDFile=/etc/passwd',
      'StateDirectory=dpkg',
      'BindPaths=/root',
      'RootImage=/srv/web/current/image',
      'PermissionsStartOnly=true',
      'FailureAction=reboot-force',
    ]) {
      expect(fault(service(line)), line).to.match(/^3: \w+= in \[Service\] is not for units/);
    }
    expect(fault(service('StandardOutput=append:/etc/cron.d/x'))).to.match(/^3: .* would be opened as root/);
    expect(fault(`[Unit]\nRequires=poweroff.target\n${service()}`)).to.match(/^2: Requires= in \[Unit\]/);
    expect(fault(`[Unit]\nWants=network.target poweroff.target\n${service()}`)).to.match(
      /^2: .* would start other units/,
    );
  });

  it('is read in the one way in which systemd reads it', () => {
    expect(fault('[Service]\nExecStart=/bin/a \\\n# and\n+/bin/b\n')).to.equal(
      '3: a comment within a setting',
    );
    expect(fault(service('ExecStop=/bin/x \\\\'))).to.match(/^3: it ends with more than one backslash/);
    expect(fault(service('ExecStop=/bin/x \\ '))).to.match(/^3: it ends with/);
    expect(fault(service('ExecStop=/bin/x \\').trimEnd())).to.equal('3: the last line goes on');
    expect(fault(service('ExecStop=/bin/x\rExecStop=+/bin/y'))).to.match(/^3: it holds a control character/);
    expect(fault(`\uFEFF${service()}`)).to.match(/^1: it holds a control character/);
    expect(fault(service('.include /etc/other.service'))).to.match(/^3: ".include .*" is not a setting/);
    expect(fault('ExecStart=/bin/x\n')).to.match(/^1: .* is not a setting/);
    expect(unitFileFault(Uint8Array.of(0x5b, 0xff, 0x5d), 'web')?.message).to.equal('it is not UTF-8');
    expect(fault('[Unit]\nDescription=x\n')).to.match(/no \[Service\] with an ExecStart/);
    expect(fault(`${'#'.repeat(70_000)}\n${service()}`)).to.match(/longer than 65536 bytes/);
  });

  it('may say anything where the node has it run as root', () => {
    expect(fault(service('ExecStartPre=+/bin/x', 'Group=adm', 'LoadCredential=x:/etc/x'), 'root')).to.equal(
      '',
    );
  });
});
