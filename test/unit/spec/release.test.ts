import { expect } from 'chai';
import type { Entry } from '../../../shared/release/manifest.js';
import { parseReleaseSpec } from '../../../shared/spec/release.js';
import { failure } from './failure.js';

const port = '$' + '{PORT}';
const good = `apiVersion: capstan/v1
kind: Release
service:
  process: { command: [node, server.js], stop: SIGINT, grace: 3s }
health:
  - http: { url: "http://127.0.0.1:${port}/healthz" }
    every: 500ms
    timeout: 1s
    rise: 1
    fall: 5
  - tcp: { address: "127.0.0.1:${port}" }
  - command: { run: [bin/check, "${port}"] }
drain: { wait: 4s }
shared: { dirs: [uploads], files: [etc/secrets.env] }
hooks:
  preflight: { run: [bin/lint-config], timeout: 2m }
  afterStart: { run: [bin/warm-cache], idempotent: false }
config: { PORT: 8080, DEBUG: false }
`;

describe('parseReleaseSpec', () => {
  it('reads everything a release can say', () => {
    expect(parseReleaseSpec(good, 'capstan.yml')).to.deep.equal({
      service: { kind: 'process', command: ['node', 'server.js'], stopSignal: 'SIGINT', graceMs: 3000 },
      health: [
        {
          kind: 'http',
          url: `http://127.0.0.1:${port}/healthz`,
          everyMs: 500,
          timeoutMs: 1000,
          rise: 1,
          fall: 5,
        },
        { kind: 'tcp', address: `127.0.0.1:${port}`, everyMs: 2000, timeoutMs: 1000, rise: 2, fall: 3 },
        { kind: 'command', run: ['bin/check', port], everyMs: 2000, timeoutMs: 1000, rise: 2, fall: 3 },
      ],
      drain: { waitMs: 4000 },
      shared: { dirs: ['uploads'], files: ['etc/secrets.env'] },
      hooks: {
        preflight: { run: ['bin/lint-config'], timeoutMs: 120_000, idempotent: true },
        afterStart: { run: ['bin/warm-cache'], timeoutMs: 60_000, idempotent: false },
      },
      config: { PORT: '8080', DEBUG: 'false' },
    });
  });

  it('reads users, units, templates, a database and how it is switched', () => {
    const text = `apiVersion: capstan/v1
kind: Release
service:
  systemd: { unit: web@1.service, file: etc/web@1.service, reload: true }
health:
  - { grpc: { address: "127.0.0.1:${port}", service: app.v1.Web }, startPeriod: 1m }
  - grpc: { address: "[::1]:${port}" }
  - unit: {}
  - unit: { name: redis.service }
shared: { dirs: [uploads], owner: web }
hooks: { beforeSwap: { run: [a], user: deploy }, afterSwap: { run: [b] }, afterRejoin: { run: [c] } }
templates:
  - { from: etc/app.conf.in, to: etc/app.conf }
  - { from: etc/env.in, to: etc/env, mode: "0600" }
database: { run: [bin/migrate], timeout: 30m, reversible: false, user: db }
swap: exchange
`;
    const timing = { everyMs: 2000, timeoutMs: 1000, rise: 2, fall: 3 };
    const hook = { timeoutMs: 60_000, idempotent: true };
    expect(parseReleaseSpec(text, 'capstan.yml')).to.deep.equal({
      service: { kind: 'systemd', unit: 'web@1.service', file: 'etc/web@1.service', reload: true },
      health: [
        {
          kind: 'grpc',
          address: `127.0.0.1:${port}`,
          service: 'app.v1.Web',
          ...timing,
          startPeriodMs: 60_000,
        },
        { kind: 'grpc', address: `[::1]:${port}`, ...timing },
        { kind: 'unit', ...timing },
        { kind: 'unit', name: 'redis.service', ...timing },
      ],
      drain: { waitMs: 10_000 },
      shared: { dirs: ['uploads'], files: [], owner: 'web' },
      hooks: {
        beforeSwap: { run: ['a'], ...hook, user: 'deploy' },
        afterSwap: { run: ['b'], ...hook },
        afterRejoin: { run: ['c'], ...hook },
      },
      templates: [
        { from: 'etc/app.conf.in', to: 'etc/app.conf' },
        { from: 'etc/env.in', to: 'etc/env', mode: 0o600 },
      ],
      database: { run: ['bin/migrate'], timeoutMs: 1_800_000, reversible: false, user: 'db' },
      swap: 'exchange',
      config: {},
    });
  });

  it('reads gRPC probes and start periods', () => {
    const probes = `- grpc: { address: "127.0.0.1:${port}", service: shop.Orders }
    startPeriod: 30s
  - grpc: { address: "[::1]:50051" }
`;
    const text = `apiVersion: capstan/v1\nkind: Release\nhealth:\n  ${probes}`;
    const timing = { everyMs: 2000, timeoutMs: 1000, rise: 2, fall: 3 };
    expect(parseReleaseSpec(text, 'capstan.yml').health).to.deep.equal([
      {
        kind: 'grpc',
        ...{ address: `127.0.0.1:${port}`, service: 'shop.Orders' },
        ...{ ...timing, startPeriodMs: 30_000 },
      },
      { kind: 'grpc', address: '[::1]:50051', ...timing },
    ]);
  });

  it('takes folders with the slash that shells put at their end', () => {
    const head = 'apiVersion: capstan/v1\nkind: Release\n';
    const { assets, shared } = parseReleaseSpec(
      `${head}assets: { dirs: [public/build/] }\nshared: { dirs: [uploads/] }\n`,
      'capstan.yml',
    );
    expect([assets?.dirs, shared.dirs]).to.deep.equal([['public/build'], ['uploads']]);
    for (const dir of ['/', 'a//', '/a/', '../']) {
      const text = `${head}assets: { dirs: [${dir}] }\n`;
      expect(() => parseReleaseSpec(text, 'capstan.yml'), dir).to.throw(/relative/);
    }
  });

  it('drains for ten seconds by default if something serves, and not at all if nothing does', () => {
    const head = 'apiVersion: capstan/v1\nkind: Release\n';
    expect(
      parseReleaseSpec(`${head}service: { process: { command: [a] } }\n`, 'capstan.yml').drain.waitMs,
    ).to.equal(10_000);
    expect(parseReleaseSpec(`${head}service: none\n`, 'capstan.yml').drain.waitMs).to.equal(0);
    expect(parseReleaseSpec(head, 'capstan.yml').service).to.deep.equal({ kind: 'none' });
  });

  const faults: readonly (readonly [
    about: string,
    from: string,
    to: string,
    line: number,
    column: number,
    says: RegExp,
  ])[] = [
    [
      'a shell line',
      '[node, server.js]',
      'node server.js',
      4,
      23,
      /must be a list of the program and its arguments/,
    ],
    ['no command', '[node, server.js]', '[]', 4, 23, /must have at least 1 entry/],
    ['an unknown signal', 'SIGINT', 'SIGKILL', 4, 48, /must be one of SIGTERM, SIGINT/],
    ['an unknown hook', 'preflight', 'preflght', 16, 3, /unknown key "preflght"; did you mean "preflight"\?/],
    ['a hook without program', 'run: [bin/lint-config], ', '', 16, 14, /run is missing/],
    [
      'a probe of two kinds',
      '- tcp:',
      '- http: { url: "http://a" }\n    tcp:',
      11,
      5,
      /exactly one of http, tcp, grpc, unit and command/,
    ],
    ['a probe of no kind', `tcp: { address: "127.0.0.1:${port}" }`, 'every: 1s', 11, 5, /exactly one of/],
    ['a gRPC probe without address', 'tcp:', 'grpc: {}\n    tcp:', 11, 11, /grpc.address is missing/],
    ['a unit probe of no unit', `tcp: { address: "127.0.0.1:${port}" }`, 'unit: {}', 11, 11, /needs a name/],
    ['a start period without unit', 'rise: 1', 'startPeriod: 5', 9, 18, /5 has no unit/],
    [
      'a placeholder that is not closed',
      `:${port}/healthz`,
      ':$' + '{PORT/healthz',
      6,
      18,
      /must use values as/,
    ],
    [
      'a value in a URL as only a shell reads it',
      `:${port}/healthz`,
      ':$PORT/healthz',
      6,
      18,
      /health\[0\]\.http\.url must use values as \$\{NAME\}: write \$\{PORT\} for \$PORT/,
    ],
    [
      'a value in an address as only a shell reads it',
      `address: "127.0.0.1:${port}"`,
      'address: "127.0.0.1:$PORT"',
      11,
      21,
      /write \$\{PORT\} for \$PORT/,
    ],
    [
      'an address without port',
      `address: "127.0.0.1:${port}"`,
      'address: localhost',
      11,
      21,
      /must be host:port/,
    ],
    ['a URL of another kind', 'http://127', 'ftp://127', 6, 18, /must be an http:\/\/ URL/],
    [
      'a URL that probes do not speak',
      'http://127',
      'https://127',
      6,
      18,
      /https is spoken, use tcp or a command/,
    ],
    ['rise 0', 'rise: 1', 'rise: 0', 9, 11, /must be at least 1/],
    ['two services', 'process:', 'systemd: { unit: a.service }\n  process:', 4, 3, /no more/],
    ['an agent that is a process', 'process:', 'agent: {}\n  process:', 4, 3, /no more/],
    ['a unit of another kind', 'process:', 'systemd: { unit: a.socket }\n  process:', 4, 20, /service unit/],
    [
      'a unit that could be an option',
      'process:',
      'systemd: { unit: -a.service }\n  process:',
      4,
      20,
      /service unit/,
    ],
    [
      'a unit file out of the release',
      'process:',
      'systemd: { unit: a.service, file: ../a }\n  process:',
      4,
      37,
      /plain relative path/,
    ],
    ['a user by number', 'grace: 3s', 'user: 0', 4, 62, /not the number 0/],
    ['a user of a hook by number', 'timeout: 2m', 'user: 33', 16, 46, /not the number 33/],
    [
      'a database without a word on the way back',
      'drain:',
      'database: { run: [a] }\ndrain:',
      13,
      11,
      /reversible/,
    ],
    ['an unknown swap', 'drain:', 'swap: copy\ndrain:', 13, 7, /must be one of link, exchange/],
    ['an owner by number', 'shared: {', 'shared: { owner: 33,', 14, 18, /not the number 33/],
    ...(
      [
        ['without a place to go', '|{ from: a }', /to is missing/],
        ['out of the release', '{ from: a, to: |../b }', /plain relative path/],
        ['of a file outside', '{ from: |/etc/passwd, to: b }', /must be relative/],
        ['for capstan.yml', '{ from: a, to: |capstan.yml }', /must not be capstan.yml/],
        ['of capstan.yml', '{ from: |capstan.yml, to: b }', /must not be capstan.yml/],
        ['over themselves', '{ from: a, to: |a }', /must be another file/],
        ['made twice', '{ from: a, to: b }, { from: c, to: |b }', /"b" is made twice/],
        ['inside each other', '{ from: a, to: b }, { from: c, to: |b/c }', /overlap/],
        ['of templates', '{ from: a, to: b }, { from: |b, to: c }', /itself made of a template/],
        ['of what is shared', '{ from: |uploads/a, to: b }', /must be part of the release/],
        ['inside what is shared', '{ from: a, to: |uploads/b }', /"uploads" is shared/],
        ['at a shared file', '{ from: a, to: |etc/secrets.env }', /is shared/],
        ['above what is shared', '{ from: a, to: |etc }', /is shared/],
        ['with a mode that is a number', '{ from: a, to: b, mode: |0640 }', /in quotes, such as "0640"/],
        ['with a mode that is none', '{ from: a, to: b, mode: |"0680" }', /three octal digits/],
        ['with setuid', '{ from: a, to: b, mode: |"4755" }', /three octal digits/],
      ] as const
    ).map(([about, list, says]) => {
      const before = 'templates: [';
      const text = `${before}${list.replace('|', '')}]\ndrain:`;
      const column = before.length + list.indexOf('|') + 1;
      return [`templates ${about}`, 'drain:', text, 13, column, says] as const;
    }),
    [
      'templates among assets',
      'drain:',
      'assets: { dirs: [pub] }\ntemplates: [{ from: a, to: pub/a }]\ndrain:',
      14,
      28,
      /"pub" is an asset/,
    ],
    ['a shared path out of the release', '[uploads]', '[../uploads]', 14, 18, /plain relative path/],
    ['an absolute shared path', '[uploads]', '[/uploads]', 14, 18, /must be relative/],
    ['shared paths inside each other', '[uploads]', '[etc]', 14, 32, /overlap/],
    [
      'assets out of the release',
      'drain:',
      'assets: { dirs: [../a] }\ndrain:',
      13,
      18,
      /plain relative path/,
    ],
    ['assets inside each other', 'drain:', 'assets: { dirs: [a, a/b] }\ndrain:', 13, 21, /overlap/],
    ['no folder of assets', 'drain:', 'assets: { dirs: [] }\ndrain:', 13, 17, /dirs/],
    [
      'a value that changes how programs are loaded',
      'PORT: 8080',
      'NODE_OPTIONS: x',
      18,
      11,
      /changes how programs are loaded/,
    ],
  ];
  for (const [about, from, to, line, column, says] of faults) {
    it(`refuses ${about}, with line and column`, () => {
      expect(good).to.include(from);
      const error = failure(() =>
        parseReleaseSpec(
          good.replace(from, () => to),
          'capstan.yml',
        ),
      );
      expect(error.message).to.match(says);
      expect(error.location).to.deep.equal({ file: 'capstan.yml', line, column });
    });
  }

  it('refuses an empty file and a second document', () => {
    expect(failure(() => parseReleaseSpec('', 'capstan.yml')).message).to.match(/empty/);
    expect(failure(() => parseReleaseSpec(`${good}---\n${good}`, 'capstan.yml')).message).to.match(
      /one document only/,
    );
  });

  describe('held against the tree of the release', () => {
    const tree: Readonly<Record<string, Entry>> = {
      'app.conf.in': { kind: 'file', path: 'app.conf.in', executable: false, size: 0, sha256: '' },
      'bin/run': { kind: 'file', path: 'bin/run', executable: true, size: 0, sha256: '' },
      uploads: { kind: 'dir', path: 'uploads' },
      linked: { kind: 'link', path: 'linked', target: 'bin' },
    };
    const check = (text: string): unknown =>
      parseReleaseSpec(`apiVersion: capstan/v1\nkind: Release\n${text}`, 'capstan.yml', (path) => tree[path]);
    for (const [text, column, says] of [
      ['templates: [{ from: nothere, to: x }]', 21, 'templates[0].from: the release has no file "nothere".'],
      [
        'templates: [{ from: app.conf.in, to: uploads }]',
        38,
        'templates[0].to: the release has a "uploads" of its own.',
      ],
      [
        'shared: { dirs: [uploads, bin/run] }',
        27,
        'shared.dirs[1]: "bin/run" is a file of the release, not a directory.',
      ],
      [
        'shared: { files: [uploads] }',
        19,
        'shared.files[0]: "uploads" is a directory of the release, not a file.',
      ],
      [
        'hooks: { afterStart: { run: [bin/nothere] } }',
        30,
        'hooks.afterStart.run[0]: the release has no "bin/nothere".',
      ],
      [
        'hooks: { afterStage: { run: [./bin/no] } }',
        30,
        'hooks.afterStage.run[0]: the release has no "bin/no".',
      ],
      ['database: { run: [bin/no], reversible: true }', 19, 'database.run[0]: the release has no "bin/no".'],
      [
        'service: { process: { command: [./app.conf.in] } }',
        33,
        'service.process.command[0]: "app.conf.in" cannot be run: it is not executable.',
      ],
    ] as const) {
      it(`refuses ${text}`, () => {
        const error = failure(() => check(text));
        expect(error.message).to.equal(says);
        expect(error.location).to.deep.equal({ file: 'capstan.yml', line: 3, column });
      });
    }

    for (const text of [
      'hooks: { preflight: { run: [bin/run] }, afterStart: { run: [sh, bin/no] }, afterStop: { run: [/opt/no/such] } }',
      'hooks: { afterStage: { run: [bin/run] }, afterStart: { run: [venv/bin/python] } }',
      'templates: [{ from: app.conf.in, to: made/run }]\nhooks: { afterStart: { run: [made/run] } }',
      'shared: { dirs: [uploads, tools] }\nhooks: { afterStart: { run: [tools/run] }, afterStop: { run: [linked/run] } }',
      'service: { process: { command: [./bin//run] } }',
    ]) {
      it(`takes ${text}`, () => {
        check(text);
      });
    }
  });
});
