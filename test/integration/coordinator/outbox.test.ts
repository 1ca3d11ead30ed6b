import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { EventView } from '../../../shared/wire/operator-client.js';
import { capstan } from '../../support/capstan.js';
import { eventually } from '../../support/eventually.js';
import { type Program, programPath, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { failureOf } from './polls-fixture.js';
import { production, Services } from './services.js';

const bound = { deadlineMs: 10_000 };

/** What a consumer has not acknowledged. */
async function unread(
  services: Services,
  consumer: string,
  more: object = {},
): Promise<readonly EventView[]> {
  const events: EventView[] = [];
  const request = { consumer, ...more };
  for await (const event of services.client.stream('ListEvents', request, bound)) events.push(event);
  return events;
}

const positionsOf = (events: readonly EventView[]): readonly number[] =>
  events.map(({ position }) => Number(position));

const acknowledge = (services: Services, consumer: string, position: number) =>
  services.client.call('AcknowledgeEvents', { consumer, position });

/** Makes as many events. */
async function happen(services: Services, times: number): Promise<void> {
  for (let at = 0; at < times; at++) await services.register(`9.${Date.now()}.${at}`);
}

async function started(): Promise<Services> {
  const services = await Services.start();
  await services.apply(production);
  return services;
}

describe('a consumer of events', () => {
  it('begins with what comes after it is known, or with a time', async () => {
    const services = await started();
    await happen(services, 2);
    const [added, ...more] = await unread(services, 'chat');
    expect(added).to.include({ kind: 'consumer.added', actor: 'tester' });
    expect(more).to.deep.equal([]);
    const all = await unread(services, 'audit', { since: '2020-01-01T00:00:00Z' });
    expect(positionsOf(all)).to.deep.equal(all.map((_, at) => at + 1));
    expect(all.length).to.be.above(3);
  });

  it('is told everything again until it has acknowledged it, in order, over a restart', async () => {
    const services = await started();
    await unread(services, 'chat');
    await happen(services, 5);
    const first = await unread(services, 'chat');
    expect(first).to.have.length(6);
    expect(await unread(services, 'chat')).to.deep.equal(first);
    await acknowledge(services, 'chat', positionsOf(first)[2] ?? 0);
    await services.restart();
    expect(await unread(services, 'chat')).to.deep.equal(first.slice(3));
    await happen(services, 1);
    expect(positionsOf(await unread(services, 'chat')).slice(0, 3)).to.deep.equal(
      positionsOf(first).slice(3),
    );
  });

  it('never goes back, nor beyond the newest event', async () => {
    const services = await started();
    await unread(services, 'chat');
    await happen(services, 2);
    const newest = positionsOf(await unread(services, 'chat')).at(-1) ?? 0;
    expect(Number((await acknowledge(services, 'chat', newest)).position)).to.equal(newest);
    expect(Number((await acknowledge(services, 'chat', 1)).position)).to.equal(newest);
    expect(await unread(services, 'chat')).to.deep.equal([]);
    expect((await failureOf(acknowledge(services, 'chat', newest + 1))).code).to.equal('invalid');
    expect((await failureOf(acknowledge(services, 'nobody', 1))).code).to.equal('notFound');
    expect((await failureOf(unread(services, 'No name'))).code).to.equal('invalid');
  });

  it('is listed with what it lacks, and forgotten when it is told so', async () => {
    const services = await started();
    await unread(services, 'chat');
    await happen(services, 3);
    const { consumers } = await services.client.call('ListConsumers', {});
    expect(
      consumers.map(({ name, position, newest }) => [name, Number(newest) - Number(position)]),
    ).to.deep.equal([['chat', 4]]);
    await services.client.call('ForgetConsumer', { name: 'chat' });
    expect((await services.client.call('ListConsumers', {})).consumers).to.deep.equal([]);
    expect((await failureOf(services.client.call('ForgetConsumer', { name: 'chat' }))).code).to.equal(
      'notFound',
    );
  });

  it('are limited in number', async () => {
    const services = await started();
    for (let at = 0; at < 100; at++) await unread(services, `c${at}`);
    const failure = await failureOf(unread(services, 'one-more'));
    expect(failure.code).to.equal('refused');
    expect(failure.hint).to.contain('events forget');
  });

  it('on the command line prints what is unread, and then has had it', async () => {
    const services = await started();
    const address = `127.0.0.1:${services.running.operatorPort}`;
    const read = async (): Promise<readonly { readonly position: number }[]> => {
      const { code, stdout } = await capstan(['events', '--consumer', 'ci', '--output', 'json'], { address });
      expect(code).to.equal(0);
      return JSON.parse(stdout) as readonly { readonly position: number }[];
    };
    expect(await read()).to.have.length(1);
    expect(await read()).to.deep.equal([]);
    await happen(services, 2);
    expect(await read()).to.have.length(2);
    const table = await capstan(['events', 'consumers'], { address });
    expect(table.stdout).to.match(/NAME +POSITION +BEHIND +LAST MOVED\nci +\d+ +0 /);
    const forgotten = await capstan(['events', 'forget', 'ci'], { address });
    expect(forgotten.stdout).to.equal('ci is no consumer of events any more.\n');
    expect((await capstan(['events', 'forget', 'ci'], { address })).code).to.equal(5);
  });

  it('that follows goes on where it was: what it printed does not come again', async () => {
    const services = await started();
    const address = `127.0.0.1:${services.running.operatorPort}`;
    const printed: number[] = [];
    const follow = async (count: number): Promise<void> => {
      const stop = new AbortController();
      const running = capstan(['events', '--consumer', 'chat', '--follow', '--output', 'json'], {
        address,
        interrupted: stop.signal,
        onStdout: (line) => {
          printed.push((JSON.parse(line) as { readonly position: number }).position);
        },
      });
      await eventually(async () => {
        const { consumers } = await services.client.call('ListConsumers', {});
        const [chat] = consumers;
        return printed.length >= count && chat?.position === chat?.newest;
      });
      stop.abort();
      expect((await running).code).to.equal(130);
    };
    await follow(1);
    await happen(services, 3);
    await follow(4);
    expect(printed).to.have.length(4);
    expect(printed).to.deep.equal(printed.map((_, at) => (printed[0] ?? 0) + at));
  });

  it('with --exec has had what its command dealt with, and stops at the first that it did not', async () => {
    const services = await started();
    await unread(services, 'chat');
    await happen(services, 4);
    const all = positionsOf(await unread(services, 'chat'));
    const [, , third = 0] = all;
    const address = `127.0.0.1:${services.running.operatorPort}`;
    const kept = join(await tempDir(), 'kept');
    const read = async (): Promise<readonly number[]> =>
      (await readFile(kept, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { readonly position: number }).position);
    const until = `read -r event; case $event in *'"position":${third},'*) exit 7;; esac; echo "$event" >> ${kept}`;
    for (const more of [[], ['--follow']]) {
      const stopped = await capstan(['events', '--consumer', 'chat', ...more, '--exec', until], { address });
      expect(stopped.code).to.equal(1);
      expect(stopped.stderr).to.contain(`The command ended with 7 at event ${third} (release.published).`);
      expect(positionsOf(await unread(services, 'chat'))[0]).to.equal(third);
    }
    expect(await read()).to.deep.equal(all.slice(0, 2));
    const rest = await capstan(['events', '--consumer', 'chat', '--exec', `cat >> ${kept}`], { address });
    expect(rest.code).to.equal(0);
    expect(await read()).to.deep.equal(all);
    expect(await unread(services, 'chat')).to.deep.equal([]);
    const nobody = await capstan(['events', '--exec', 'true'], { address });
    expect(nobody.code).to.equal(2);
    expect(nobody.stderr).to.contain('--exec needs --consumer');
  });

  it('whose reader is gone has not had what nobody took', async () => {
    const services = await started();
    await unread(services, 'chat');
    await happen(services, 3);
    const before = await unread(services, 'chat');
    const address = `127.0.0.1:${services.running.operatorPort}`;
    const words = ['events', '--consumer', 'chat', '--coordinator', address, '--insecure-loopback'];
    for (const more of [[], ['--follow']]) {
      const child = spawn(programPath('capstan'), [...words, ...more], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      child.stdout.destroy();
      await once(child, 'exit');
      expect(await unread(services, 'chat'), more.join()).to.deep.equal(before);
    }
  });

  it('has one position over the events of all: what one application leaves out does not come later', async () => {
    const services = await started();
    await unread(services, 'chat');
    await services.apply(production.replace('name: web', 'name: api').replace('env=production', 'env=api'));
    await services.register('1.0.0');
    const web = await unread(services, 'chat', { app: 'web' });
    expect(web.map(({ app }) => app)).to.deep.equal(['web']);
    await acknowledge(services, 'chat', positionsOf(web)[0] ?? 0);
    expect(await unread(services, 'chat')).to.deep.equal([]);
  });

  it('killed whenever it may be, is told the rest: every event at least once, in order', async () => {
    const services = await started();
    const env = {
      CAPSTAN_COORDINATOR: `127.0.0.1:${services.running.operatorPort}`,
      CAPSTAN_INSECURE_LOOPBACK: '1',
    };
    const words = ['events', '--consumer', 'chat', '--follow', '--output', 'json'];
    const printed = (program: Program): readonly number[] =>
      program
        .stdout()
        .split('\n')
        .slice(0, -1) // what comes after the last newline may be half a line
        .map((line) => (JSON.parse(line) as { readonly position: number }).position);
    const first = startProgram('capstan', words, { env });
    await eventually(() => printed(first).length > 0);
    await happen(services, 4);
    await eventually(() => printed(first).length > 2);
    await first.stop('SIGKILL');
    await happen(services, 3);
    const newest = Number((await services.events()).at(-1)?.position);
    const second = startProgram('capstan', words, { env });
    await eventually(() => printed(second).at(-1) === newest);
    await second.stop('SIGKILL');
    const [begin = 0] = printed(first);
    const all = new Set([...printed(first), ...printed(second)]);
    expect([...all].sort((a, b) => a - b)).to.deep.equal(
      Array.from({ length: newest - begin + 1 }, (_, at) => begin + at),
    );
    const [again = 0] = printed(second);
    expect(printed(second)).to.deep.equal(printed(second).map((_, at) => again + at));
  });
});
