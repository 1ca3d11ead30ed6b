import { closeSync, constants, fstatSync, mkdirSync, openSync, statfsSync, writeSync } from 'node:fs';
import { addSpan, type Spans } from '../../../shared/core/spans.js';
import type { Hex } from '../../../shared/release/digest.js';
import type { Pack } from '../../../shared/release/layout.js';
import { pieceBytesOf } from './pieces.js';
import { indexFileOf, indexHead, indexLine, packFileOf, type SpooledFrame } from './spool-files.js';

/** What was added to a pack since the last time. */
export interface SpoolNews {
  readonly hex: Hex;
  readonly size: number;
  readonly spans: Spans;
}

/** Keeps packed frames for other nodes. A spool that cannot be written is given up: the release comes first. */
export interface SpoolWriter {
  /** Something of a pack is going to come: others may ask for it. Never throws. */
  announce(pack: Pack): void;
  /** Takes the bytes of a frame that has its digest. Never throws. */
  keep(pack: Pack, frame: SpooledFrame, packed: Uint8Array): void;
  /** Tells what was kept and not yet told. */
  flush(): void;
  close(): void;
}

export interface SpoolWriterOptions {
  readonly dir: string;
  /** Most that one job adds. */
  readonly maxBytes: number;
  /** What must stay free on the file system. */
  readonly reserveBytes: number;
  readonly tell: (news: SpoolNews) => void;
}

/** Free space is looked at again after so much was written. */
const lookEveryBytes = 32 * 1024 * 1024;

interface OpenPack {
  readonly pack: Pack;
  readonly bytes: number;
  readonly index: number;
  news: Spans;
  untold: number;
  /** For the index, of what is not told yet. */
  lines: string;
}

export function createSpoolWriter({ dir, maxBytes, reserveBytes, tell }: SpoolWriterOptions): SpoolWriter {
  const packs = new Map<Hex, OpenPack>();
  let left = maxBytes;
  let sinceLook = lookEveryBytes;
  let broken = false;

  const flushPack = (open: OpenPack): void => {
    if (open.news.length === 0) return;
    writeSync(open.index, open.lines);
    open.lines = '';
    // Whoever removes the file, to make room, must not be told of bytes that went with it.
    if (fstatSync(open.bytes).nlink === 0) broken = true;
    else tell({ hex: open.pack.hex, size: open.pack.size, spans: open.news });
    open.news = [];
    open.untold = 0;
  };

  const open = (pack: Pack): OpenPack => {
    const known = packs.get(pack.hex);
    if (known !== undefined) return known;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const { O_RDWR, O_WRONLY, O_CREAT, O_NOFOLLOW, O_APPEND } = constants;
    const bytes = openSync(packFileOf(dir, pack.hex), O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
    const index = openSync(indexFileOf(dir, pack.hex), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
    if (fstatSync(index).size === 0) writeSync(index, indexHead(pack.hex, pack.size));
    const made = { pack, bytes, index, news: [], untold: 0, lines: '' };
    packs.set(pack.hex, made);
    return made;
  };

  const hasRoom = (bytes: number): boolean => {
    if (bytes > left) return false;
    left -= bytes;
    sinceLook += bytes;
    if (sinceLook < lookEveryBytes) return true;
    sinceLook = 0;
    const { bavail, bsize } = statfsSync(dir);
    return bavail * bsize - lookEveryBytes >= reserveBytes;
  };

  const write = (pack: Pack, frame: SpooledFrame, packed: Uint8Array): void => {
    const target = open(pack);
    if (!hasRoom(packed.length)) {
      broken = true;
      return;
    }
    for (let done = 0; done < packed.length; ) {
      done += writeSync(target.bytes, packed, done, packed.length - done, frame.offset + done);
    }
    target.lines += indexLine(frame);
    const span = [frame.offset, frame.offset + frame.length] as const;
    target.news = addSpan(target.news, span);
    target.untold += frame.length;
    if (target.untold >= pieceBytesOf(pack)) flushPack(target); // so that others can have it soon
  };

  return {
    announce(pack) {
      if (broken) return;
      try {
        open(pack);
        tell({ hex: pack.hex, size: pack.size, spans: [] });
      } catch {
        broken = true;
      }
    },
    keep(pack, frame, packed) {
      if (broken) return;
      try {
        write(pack, frame, packed);
      } catch {
        broken = true; // a full disk, most likely
      }
    },
    flush() {
      for (const target of packs.values()) {
        try {
          flushPack(target);
        } catch {
          broken = true; // what is not told was not kept
        }
      }
    },
    close() {
      this.flush();
      for (const target of packs.values()) {
        closeSync(target.bytes);
        closeSync(target.index);
      }
      packs.clear();
    },
  };
}
