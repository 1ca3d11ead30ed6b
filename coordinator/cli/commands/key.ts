import { open } from 'node:fs/promises';
import { Command } from 'commander';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Act, Session } from '../session.js';
import { keyJson, keyRemark, rotationText } from '../views/key.js';
import { example } from './example.js';
import { signingKey } from './signing-keys.js';

export function keyCommand(act: Act): Command {
  const command = new Command('key').description('Keys that sign releases. They stay on this machine.');
  for (const family of [generate, show, rotate]) command.addCommand(family(act));
  return example(command, 'capstan key generate release.key');
}

function generate(act: Act): Command {
  const command = new Command('generate')
    .description('Makes a private key, and prints the public one, which nodes are told to trust.')
    .argument('<file>', 'the private key to write; what is there is never replaced')
    .action((file: string, _options: object, self: Command) =>
      act(self, async (session) => {
        const value = await makeKey(session, file);
        session.remark(keyRemark(value));
        await session.print(value, () => `${value.publicKey}\n`);
        return 0;
      }),
    );
  return example(command, 'capstan key generate release.key');
}

function show(act: Act): Command {
  const command = new Command('show')
    .description('The public key of a private one.')
    .argument('<file>', 'the private key')
    .action((file: string, _options: object, self: Command) =>
      act(self, async (session) => {
        const value = await keyIn(session, file);
        session.remark(keyRemark(value));
        await session.print(value, () => `${value.publicKey}\n`);
        return 0;
      }),
    );
  return example(command, 'capstan key show release.key');
}

function rotate(act: Act): Command {
  const command = new Command('rotate')
    .description('Makes the key that follows another, and says what is to be done, in which order.')
    .argument('<old-file>', 'the private key that is to be retired')
    .argument('<new-file>', 'the private key to write')
    .action((oldFile: string, newFile: string, _options: object, self: Command) =>
      act(self, async (session) => {
        const retired = await keyIn(session, oldFile);
        const value = { retired, key: await makeKey(session, newFile) };
        await session.print(value, (paint) => rotationText(value, paint));
        return 0;
      }),
    );
  return example(command, 'capstan key rotate release.key release-2.key');
}

async function makeKey(session: Session, file: string) {
  const { generatePrivateKey } = await import('../../../shared/signing/keys.js');
  await writeNew(file, generatePrivateKey());
  return keyIn(session, file);
}

async function keyIn(session: Session, file: string) {
  const { keyIdOf, publicKeyOf } = await import('../../../shared/signing/keys.js');
  const publicKey = publicKeyOf(await signingKey(session, file));
  return keyJson(file, publicKey, keyIdOf(publicKey));
}

/** @throws CapstanError `conflict` if there is such a file: a key that is lost takes its releases with it */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'EEXIST') {
      throw new CapstanError('conflict', `${path} is there already.`, {
        hint: 'Give another name; `capstan key show` says what it is.',
      });
    }
    throw new CapstanError('invalid', `${path} cannot be written (${code}).`, { cause });
  }
}
