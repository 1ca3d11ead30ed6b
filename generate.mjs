// Writes what is generated and committed: the wire types of the protocol files, the agent's static codec, the operators'
// service as data, and the JSON Schemas of the specs. `--check` writes nothing and fails if what is committed is not what would be written.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tsImport } from 'tsx/esm/api';

const root = fileURLToPath(new URL('.', import.meta.url));
const outputs = ['shared/wire/gen', 'docs/schemas'];

const programs = {
  'proto-loader-gen-types': import.meta.resolve('@grpc/proto-loader/build/bin/proto-loader-gen-types.js'),
  pbjs: import.meta.resolve('protobufjs-cli/bin/pbjs'),
  pbts: import.meta.resolve('protobufjs-cli/bin/pbts'),
};

const run = async (program, args) => {
  await promisify(execFile)(process.execPath, [fileURLToPath(programs[program]), ...args], { cwd: root });
};

/** Types for what proto-loader gives at run time; the options are those of shared/wire/operator-service.ts. */
async function wireTypes(out) {
  const options =
    '--longs=String --enums=String --defaults --oneofs --grpcLib=@grpc/grpc-js --importFileExtension=.js';
  const files = ['capstan/v1/agent.proto', 'capstan/v1/operator.proto'];
  await run('proto-loader-gen-types', [...options.split(' '), '-I', 'proto', '-O', out, ...files]);
}

/** The agent's encoders and decoders as plain code: 10 MB less memory than building them by reflection. */
async function agentCodec(out) {
  const js = join(out, 'agent-static.js');
  const types = join(out, 'agent-static.d.ts');
  const options =
    '-t static-module -w es6 --es6 --no-verify --no-convert --no-delimited --no-typeurl --no-service';
  const path = ['-p', 'proto', 'proto/capstan/v1/agent.proto'];
  await run('pbjs', [
    ...options.split(' '),
    '--force-number',
    '--dependency',
    'protobufjs/minimal.js',
    '-o',
    js,
    ...path,
  ]);
  await run('pbts', ['-o', types, js]);
  const imported = 'import * as $protobuf from "protobufjs/minimal.js"';
  await edit(js, imported, 'import $protobuf from "protobufjs/minimal.js"');
  await edit(types, /^import Long = require\("long"\);\n/mu, '');
}

/** The operators' service as data: reading and parsing the proto files took every command a tenth of a second. */
async function operatorDescriptor(out) {
  const json = join(out, 'operator-descriptor.json');
  await run('pbjs', ['-t', 'json', '-p', 'proto', '-o', json, 'proto/capstan/v1/operator.proto']);
  const descriptor = JSON.parse(await readFile(json, 'utf8'));
  await rm(json);
  const types = [
    "import type { INamespace } from 'protobufjs/light.js';",
    'export declare const operatorDescriptor: INamespace;',
    '',
  ];
  await writeFile(join(out, 'operator-descriptor.d.ts'), types.join('\n'));
  const text = `export const operatorDescriptor = ${JSON.stringify(descriptor, null, 1)};\n`;
  await writeFile(join(out, 'operator-descriptor.js'), text);
}

async function edit(file, from, to) {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(from, to));
}

async function schemas(out) {
  const { specJsonSchemas } = await tsImport('./shared/spec/json-schemas.ts', import.meta.url);
  await mkdir(out, { recursive: true });
  for (const [name, schema] of Object.entries(specJsonSchemas())) {
    await writeFile(join(out, name), `${JSON.stringify(schema, null, 2)}\n`);
  }
}

async function generate(base) {
  const gen = join(base, 'shared/wire/gen');
  await mkdir(gen, { recursive: true });
  await wireTypes(gen);
  await agentCodec(gen);
  await operatorDescriptor(gen);
  await schemas(join(base, 'docs/schemas'));
}

async function contents(base) {
  const files = new Map();
  for (const output of outputs) {
    const entries = await readdir(join(base, output), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries.filter((each) => each.isFile())) {
      const file = join(entry.parentPath, entry.name);
      files.set(relative(base, file), await readFile(file, 'utf8'));
    }
  }
  return files;
}

const fresh = await mkdtemp(join(tmpdir(), 'capstan-generate-'));
try {
  await generate(fresh);
  const [wanted, present] = [await contents(fresh), await contents(root)];
  const stale = [...new Set([...wanted.keys(), ...present.keys()])].filter(
    (name) => wanted.get(name) !== present.get(name),
  );
  if (process.argv.includes('--check')) {
    for (const name of stale) console.error(`${name} is not what \`npm run gen\` writes`);
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    for (const name of stale) {
      const text = wanted.get(name);
      if (text === undefined) await rm(join(root, name));
      else {
        await mkdir(dirname(join(root, name)), { recursive: true });
        await writeFile(join(root, name), text);
      }
    }
    console.log(`${String(stale.length)} generated files written`);
  }
} finally {
  await rm(fresh, { recursive: true, force: true });
}
