import { type FileHandle, open } from 'node:fs/promises';

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  users: number;
}

/** Files that many read at once, each of which is opened once for all of them, and closed when the last has done. */
export class OpenFiles {
  readonly #files = new Map<object, OpenFile>();

  /**
   * @param key what the file is, since another one may come in its place under the same path
   * @throws Error if it cannot be opened, or closed
   */
  async use(key: object, path: string, work: (file: FileHandle) => Promise<void>): Promise<void> {
    const file = this.#files.get(key) ?? { handle: open(path, 'r'), users: 0 };
    this.#files.set(key, file);
    file.users += 1;
    try {
      await work(await file.handle);
    } finally {
      file.users -= 1;
      if (file.users === 0) {
        this.#files.delete(key);
        await file.handle.then(
          (handle) => handle.close(),
          () => undefined,
        );
      }
    }
  }
}
