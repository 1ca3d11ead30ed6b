import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { StageResult } from '../../../agent/stager/protocol.js';
import { stageRelease } from '../../../agent/stager/stage.js';
import { StageFailure } from '../../../agent/stager/stage-failure.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { redirectProblem } from '../../../shared/distribution/http-request.js';
import { httpStore } from '../../../shared/distribution/http-store.js';
import { getText } from '../../../shared/distribution/text-object.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { hexOf } from '../../../shared/release/digest.js';
import { parseLayout } from '../../../shared/release/layout.js';
import { type Asked, type Fault, lyingStore } from '../../support/lying-store.js';
import { publish, readTree, stageJob } from '../../support/releases.js';
import { tempDir } from '../../support/temp-dir.js';

const real = (name: string): string => join(packageRoot(), 'node_modules', name);
const small = real('zod/v4/core');
const large = real('typescript/lib');
const never = new AbortController().signal;

interface Scene {
  /** A node of its own. */
  readonly dir: string;
  readonly storeDir: string;
  readonly ref: ReleaseRef;
}

let shared: Omit<Scene, 'dir'> & { readonly largeRef: ReleaseRef };

async function scene(from = small): Promise<Scene> {
  const ref = from === small ? shared.ref : shared.largeRef;
  return { dir: await tempDir(), storeDir: shared.storeDir, ref };
}

async function stage(
  { dir, ref }: Scene,
  stores: readonly string[],
  notes: string[] = [],
): Promise<StageResult> {
  const reporter = { progress: () => undefined, note: (text: string) => void notes.push(text) };
  return await stageRelease(stageJob(dir, ref, stores), reporter, never);
}

const layoutKey = ({ layout }: ReleaseRef) => ({ kind: 'layouts', hex: hexOf(layout.digest) }) as const;

const staged = ({ dir }: Scene) => readTree(join(dir, 'srv/web/releases/r1'));

async function failureOf(work: Promise<unknown>): Promise<CapstanError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof StageFailure) return error.reason;
  if (error instanceof CapstanError) return error;
  throw error;
}

const status =
  (code: number, headers: Record<string, string> = {}): Fault =>
  ({ kind, response, honest }) => {
    if (kind === 'packs') response.writeHead(code, headers).end('no');
    else honest();
  };

const onPacks =
  (fault: Fault): Fault =>
  (asked) => {
    if (asked.kind === 'packs') fault(asked);
    else asked.honest();
  };

const flipped = ({ object, from, to }: Asked): Buffer => {
  const bytes = Buffer.from(object.subarray(from, to));
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return bytes;
};

/** Each of them is enough to make a store of no use, and says in one sentence why. */
const faults: readonly {
  readonly name: string;
  readonly fault: Fault;
  readonly code: CapstanError['code'];
  readonly says: RegExp;
}[] = [
  {
    name: 'wrong bytes',
    fault: onPacks((asked) => asked.honest(flipped(asked))),
    code: 'corrupt',
    says: /digest/,
  },
  {
    name: 'a pack cut short',
    fault: onPacks(({ response, object, from, to }) => {
      const headers = { 'content-range': `bytes ${from}-${to - 1}/${object.length}` };
      response.writeHead(206, headers).end();
    }),
    code: 'corrupt',
    says: /shorter than it should be/,
  },
  {
    name: 'a pack of another size',
    fault: onPacks(({ response, object, from, to }) => {
      const headers = { 'content-range': `bytes ${from}-${to - 1}/${object.length + 1}` };
      response.writeHead(206, headers).end(object.subarray(from, to));
    }),
    code: 'corrupt',
    says: /has \d+ bytes instead of \d+/,
  },
  {
    name: 'another range',
    fault: onPacks(({ response, object, from, to }) => {
      const headers = { 'content-range': `bytes ${from + 1}-${to}/${object.length}` };
      response.writeHead(206, headers).end(object.subarray(from, to));
    }),
    code: 'corrupt',
    says: /another range than was asked for/,
  },
  {
    name: 'an endless manifest',
    fault: ({ kind, response, honest }) => {
      if (kind !== 'manifests') {
        honest();
        return;
      }
      const block = Buffer.alloc(65_536);
      const pour = (): void => {
        if (!response.destroyed) response.write(block, pour);
      };
      pour();
    },
    code: 'corrupt',
    says: /larger than it should be/,
  },
  {
    name: 'a manifest that is a decompression bomb',
    fault: ({ kind, honest }) =>
      kind === 'manifests' ? honest(gzipSync(Buffer.alloc(5_000_000))) : honest(),
    code: 'corrupt',
    says: /cannot be unpacked to the size it should have/,
  },
  {
    name: 'a web page with status 200',
    fault: onPacks(({ response }) => {
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end('<html>Log in first</html>');
    }),
    code: 'corrupt',
    says: /a web page instead of the object/,
  },
  { name: 'status 416', fault: status(416), code: 'corrupt', says: /shorter than it should be/ },
  { name: 'status 404', fault: status(404), code: 'notFound', says: /not in the store/ },
  { name: 'status 403', fault: status(403), code: 'refused', says: /refuses .* \(status 403\)/ },
  {
    name: 'redirects in a circle',
    fault: onPacks(({ request, response }) => {
      const other = request.url?.endsWith('?a') === true ? '?b' : '?a';
      response.writeHead(302, { location: `${request.url?.replace(/\?.*/, '') ?? ''}${other}` }).end();
    }),
    code: 'failed',
    says: /redirected in a circle/,
  },
];

describe('a store that lies', function () {
  this.timeout(60_000);

  before(async () => {
    const storeDir = join(await tempDir(), 'store');
    const store = directoryStore(storeDir);
    shared = { storeDir, ref: await publish(small, store), largeRef: await publish(large, store, '2.0.0') };
  });

  for (const { name, fault, code, says } of faults) {
    it(`with ${name}: says so in a sentence, and another store helps`, async () => {
      const at = await scene();
      const liar = await lyingStore(at.storeDir, fault);
      const failure = await failureOf(stage(at, [liar.url]));
      expect(failure.code).to.equal(code);
      expect(failure.message)
        .to.match(says)
        .and.match(/^[^\n]{20,400}$/)
        .and.include(liar.url);
      const good = await lyingStore(at.storeDir);
      const result = await stage(at, [liar.url, good.url]);
      expect(await staged(at)).to.deep.equal(await readTree(small));
      expect(result.fetchedFrom.map((from) => from.source)).to.include(good.url);
      expect(result.corruptSources).to.deep.equal(code === 'corrupt' ? [liar.url] : []);
    });
  }

  for (const code of [429, 500, 503]) {
    it(`with status ${code} is asked again after a while, and says so meanwhile`, async () => {
      const at = await scene();
      const busy = await lyingStore(
        at.storeDir,
        onPacks((asked) => {
          if (asked.nth === 0) asked.response.writeHead(code, { 'retry-after': '1' }).end();
          else asked.honest();
        }),
      );
      const notes: string[] = [];
      const began = performance.now();
      await stage(at, [busy.url], notes);
      expect(performance.now() - began).to.be.greaterThan(900);
      expect(notes[0]).to.match(new RegExp(`status ${code}.*trying again in`));
      expect(notes.at(-1)).to.equal('');
      expect(await staged(at)).to.deep.equal(await readTree(small));
    });
  }

  it('with a pack that disappears during the fetch: the rest is had elsewhere, and nothing twice', async () => {
    const at = await scene(large);
    const fading = await lyingStore(
      at.storeDir,
      onPacks((asked) => {
        if (asked.nth === 0) asked.honest();
        else asked.response.writeHead(404).end();
      }),
    );
    const good = await lyingStore(at.storeDir);
    const result = await stage(at, [fading.url, good.url]);
    expect(await staged(at)).to.deep.equal(await readTree(large));
    expect(result.fetchedBytes).to.equal(at.ref.packSize);
    expect(good.sentBytes()).to.be.lessThan(at.ref.packSize);
  });

  it('that cuts each connection at every 1 MB: all is had, no byte of a pack twice', async () => {
    const at = await scene(large);
    const cutting = await lyingStore(at.storeDir, ({ response, object, from: start, to, ranged, honest }) => {
      const most = 1_000_000;
      if (to - start <= most) {
        honest();
        return;
      }
      response.writeHead(ranged ? 206 : 200, {
        'content-length': to - start,
        'accept-ranges': 'bytes',
        ...(ranged ? { 'content-range': `bytes ${start}-${to - 1}/${object.length}` } : {}),
      });
      response.write(object.subarray(start, start + most), () => {
        // Once all of it has left; what is destroyed earlier never arrives.
        setTimeout(() => response.destroy(), 20);
      });
    });
    const result = await stage(at, [cutting.url]);
    expect(await staged(at)).to.deep.equal(await readTree(large));
    expect(result.fetchedBytes).to.equal(at.ref.packSize);
    expect(cutting.requests.length).to.be.greaterThan(at.ref.packSize / 1_000_000);
    expect(result.corruptSources).to.deep.equal([]);
  });

  it('that knows no ranges is read as a stream: each pack once', async () => {
    const at = await scene(large);
    const plain = await lyingStore(at.storeDir, ({ response, object }) => {
      response.writeHead(200, { 'content-length': object.length }).end(object);
    });
    const result = await stage(at, [plain.url]);
    expect(await staged(at)).to.deep.equal(await readTree(large));
    expect(result.fetchedBytes).to.equal(at.ref.packSize);
    expect(plain.requests.filter(({ path }) => path.startsWith('packs/'))).to.have.length(1);
  });

  it('that drips or falls silent is given up, whatever it is asked for', async () => {
    const { storeDir, ref } = await scene();
    const drip: Fault = ({ response, request, object }) => {
      response.writeHead(200, { 'content-length': object.length });
      let at = 0;
      const timer = setInterval(() => {
        response.write(object.subarray(at, at + 1));
        at += 1;
      }, 10);
      request.socket.once('close', () => clearInterval(timer));
    };
    const silence: Fault = ({ response, object }) => {
      response.writeHead(200, { 'content-length': object.length }).write(object.subarray(0, 10));
    };
    const headers: Fault = () => undefined;
    const hex = ref.digest.slice('sha256:'.length);
    const patience = { silenceMs: 150, windowMs: 300, leastBytes: 1000 };
    for (const [fault, says] of [
      [drip, /too slow: \d+ bytes in/],
      [silence, /said nothing for 0.15 s/],
      [headers, /said nothing for 0.15 s/],
    ] as const) {
      const { url } = await lyingStore(storeDir, fault);
      const store = httpStore(url, { patience });
      const failure = await failureOf(store.get({ kind: 'manifests', hex }, 10_000_000));
      expect(failure.code).to.equal('unreachable');
      expect(failure.message).to.match(says);
    }
  });

  it('that breaks in the middle of a manifest is asked for the rest only', async () => {
    const { storeDir, ref } = await scene();
    const hex = ref.layout.digest.slice('sha256:'.length);
    const whole = await readFile(join(storeDir, 'layouts', hex));
    const padded = Buffer.concat([whole, Buffer.alloc(200_000, 'x')]);
    const breaking = await lyingStore(storeDir, ({ response, from, ranged, nth }) => {
      response.writeHead(ranged ? 206 : 200, {
        'content-length': padded.length - from,
        ...(ranged ? { 'content-range': `bytes ${from}-${padded.length - 1}/${padded.length}` } : {}),
      });
      const rest = padded.subarray(from);
      if (nth < 2) response.write(rest.subarray(0, 50_000), () => setTimeout(() => response.destroy(), 20));
      else response.end(rest);
    });
    const got = await httpStore(breaking.url).get({ kind: 'layouts', hex }, 10_000_000);
    expect(got.equals(padded)).to.equal(true);
    expect(breaking.requests.map(({ range }) => range)).to.deep.equal([
      undefined,
      'bytes=50000-',
      'bytes=100000-',
    ]);
  });

  it('that breaks in the middle each time, and begins from the beginning, is given up', async () => {
    const { storeDir, ref } = await scene();
    const breaking = await lyingStore(storeDir, ({ response }) => {
      response.writeHead(200, { 'content-length': 200_000 });
      response.write(Buffer.alloc(100_000), () => setTimeout(() => response.destroy(), 20));
    });
    const failure = await failureOf(httpStore(breaking.url).get(layoutKey(ref), 10_000_000));
    expect(failure.code).to.equal('unreachable');
    expect(breaking.requests).to.have.length(2);
  });

  it('is followed where it redirects to, but not for ever, and never from https to http', async () => {
    const at = await scene();
    const good = await lyingStore(at.storeDir);
    const pointing = await lyingStore(at.storeDir, ({ request, response }) => {
      response.writeHead(307, { location: `${good.url}${request.url ?? ''}` }).end();
    });
    await stage(at, [pointing.url]);
    expect(await staged(at)).to.deep.equal(await readTree(small));
    expect(redirectProblem(['https://a/x'], 'https://b/x')).to.equal(undefined);
    expect(redirectProblem(['https://a/x'], 'http://a/x')).to.match(/where anybody can listen/);
    expect(redirectProblem(['http://a/x'], 'file:///etc/passwd')).to.match(/no HTTP address/);
    expect(redirectProblem(['http://a/x'], 'http://[bad')).to.match(/no HTTP address/);
    const six = [1, 2, 3, 4, 5, 6].map((n) => `http://a/${n}`);
    expect(redirectProblem(six, 'http://a/7')).to.match(/more than 5 times/);
    expect(redirectProblem(['http://a/x?sig=1', 'http://a/x?sig=2'], 'http://a/x?sig=1')).to.not.contain(
      'sig',
    );
  });

  it('is not believed when it begins a range far before what was asked for', async () => {
    const { storeDir, ref } = await scene(large);
    const { url } = await lyingStore(storeDir, ({ response, object, to }) => {
      response.writeHead(206, {
        'content-range': `bytes 0-${to - 1}/${object.length}`,
        'content-length': to,
      });
      response.end(object.subarray(0, to));
    });
    const { text } = await getText(directoryStore(storeDir), layoutKey(ref), ref.layout.size);
    const [pack] = parseLayout(text).packs;
    if (pack === undefined) throw new Error('there is no pack');
    const read = async (offset: number): Promise<number> => {
      let got = 0;
      const range = { offset, length: 10, objectSize: pack.size };
      const pieces = httpStore(url).getRange({ kind: 'packs', hex: pack.hex }, range);
      for await (const piece of pieces) got += piece.length;
      return got;
    };
    expect(await read(60_000)).to.equal(10);
    const failure = await failureOf(read(70_000));
    expect(failure).to.include({ code: 'corrupt' });
    expect(failure.message).to.match(/another range than was asked for/);
  });

  it('cannot put control characters into what people read', async () => {
    const { storeDir, ref } = await scene();
    const { url } = await lyingStore(storeDir, ({ response }) => {
      const message = `\u001b[2Jhacked\nline two\u0007${'x'.repeat(1500)}`;
      response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
    });
    const failure = await failureOf(httpStore(url).get(layoutKey(ref), 1000));
    expect(failure.message).to.match(/: \[2Jhacked line two xxx[x]+…$/);
    expect(failure.message.length).to.be.lessThan(600);
  });
});
