// Who may import whom. ARCHITECTURE.md explains the rooms; this file is the lock on their doors.
const packages = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];

/** Modules of `from` may import modules of `allowed` (and nothing else of ours); builtins and packages as told. */
const only = (name, comment, from, allowed, { fromNot, outside = false } = {}) => [
  {
    name,
    comment,
    severity: 'error',
    from: fromNot === undefined ? { path: from } : { path: from, pathNot: fromNot },
    to: { path: '^(shared|coordinator|agent|test|bench)/', pathNot: allowed },
  },
  ...(outside
    ? []
    : [
        {
          name: `${name}-no-packages`,
          comment: `${comment} Neither packages nor node: modules.`,
          severity: 'error',
          from: fromNot === undefined ? { path: from } : { path: from, pathNot: fromNot },
          to: { dependencyTypes: [...packages, 'core'] },
        },
      ]),
];

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Cycles, type-only ones included, make two files into one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: { path: '^(shared|coordinator|agent)/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'What is shipped must not need development dependencies.',
      severity: 'error',
      from: { path: '^(shared|coordinator|agent)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    ...only('model', 'The model is plain data.', '^shared/model/', ['^shared/(model|core)/']),
    ...only('shared-core', 'Pure helpers know the model only.', '^shared/core/', ['^shared/(core|model)/']),
    ...only(
      'coordinator-core',
      'Decisions know their own core, the shared one and the model.',
      '^coordinator/core/',
      ['^coordinator/core/', '^shared/(core|model)/'],
    ),
    ...only('agent-core', 'Decisions know their own core, the shared one and the model.', '^agent/core/', [
      '^agent/core/',
      '^shared/(core|model)/',
    ]),
    ...only('shared-ports', 'Ports speak in terms of the model.', '^shared/ports/', [
      '^shared/(ports|core|model)/',
    ]),
    ...only(
      'coordinator-ports',
      "Ports speak in terms of the model and of their core's types.",
      '^coordinator/ports/',
      ['^coordinator/(core|ports)/', '^shared/(core|model|ports)/'],
    ),
    ...only('agent-ports', "Ports speak in terms of the model and of their core's types.", '^agent/ports/', [
      '^agent/(core|ports)/',
      '^shared/(core|model|ports)/',
    ]),
    ...only('shared-alone', 'What is shared imports nothing of one program.', '^shared/', ['^shared/'], {
      outside: true,
    }),
    ...only(
      'coordinator-io',
      'Adapters know their ports and core; the loop and the CLI are above them.',
      '^coordinator/io/',
      ['^coordinator/(io|ports|core)/', '^shared/'],
      { outside: true },
    ),
    ...only(
      'agent-io',
      'Adapters know their ports and core, and what they share with the helper programs; the executor is above them.',
      '^agent/io/',
      ['^agent/(io|ports|core)/', '^agent/(shim|stager)/(?!main)', '^shared/'],
      { outside: true },
    ),
    ...only(
      'agent-stager',
      'The stager is a program of its own: it knows what it shares with the agent, and not the agent.',
      '^agent/stager/',
      ['^agent/stager/', '^shared/'],
      { outside: true },
    ),
    ...only(
      'agent-shim',
      'The shim stays for months beside every service: it is as small as it can be.',
      '^agent/shim/',
      ['^agent/shim/', '^shared/(model|core)/'],
      { outside: true },
    ),
    {
      name: 'agent-shim-no-packages',
      comment: 'The shim stays for months beside every service: Node alone must do.',
      severity: 'error',
      from: { path: '^agent/shim/' },
      to: { dependencyTypes: packages },
    },
    ...only(
      'coordinator-loop',
      'The loop decides through the core and acts through ports, so that a test can stand in for the world.',
      '^coordinator/([^/]+\\.ts$|orchestrator/)',
      [
        '^coordinator/([^/]+\\.ts$|orchestrator/)',
        '^coordinator/(core|ports)/',
        '^shared/(core|model|ports)/',
      ],
      { fromNot: ['^coordinator/(main|daemon|config)\\.ts$'] },
    ),
    ...only(
      'agent-loop',
      'The executor decides through the core and acts through ports, so that a test can stand in for the world.',
      '^agent/[^/]+\\.ts$',
      ['^agent/[^/]+\\.ts$', '^agent/(core|ports)/', '^shared/(core|model|ports)/'],
      { fromNot: ['^agent/(main|daemon)\\.ts$'] },
    ),
    ...only(
      'cli',
      'The CLI speaks to the coordinator over gRPC and to stores through shared/distribution.',
      '^coordinator/cli/',
      ['^coordinator/cli/', '^shared/'],
      { outside: true },
    ),
    {
      name: 'cli-is-a-leaf',
      comment: 'Nothing of the coordinator needs the CLI.',
      severity: 'error',
      from: { path: '^(coordinator|agent|shared)/', pathNot: '^coordinator/cli/' },
      to: { path: '^coordinator/cli/' },
    },
    {
      name: 'agent-and-coordinator',
      comment: 'The programs know each other over the wire only.',
      severity: 'error',
      from: { path: '^(agent|coordinator)/' },
      to: { path: '^(agent|coordinator)/', pathNot: '^$1/' },
    },
    {
      name: 'generated-wire-types',
      comment: 'Wire types end at the boundary: shared/wire converts, the gRPC files in io speak it.',
      severity: 'error',
      from: {
        path: '^(shared|coordinator|agent|test|bench)/',
        pathNot: ['^shared/wire/', '^coordinator/io/grpc/', '^agent/io/grpc/', '^bench/'],
      },
      to: { path: '^shared/wire/gen/' },
    },
    {
      name: 'product-without-tests',
      comment: 'What is shipped does not know its tests and benchmarks.',
      severity: 'error',
      from: { path: '^(shared|coordinator|agent)/' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'],
    },
    builtInModules: { add: ['node:test'] },
  },
};
