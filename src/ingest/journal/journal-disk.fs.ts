import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** An open segment file. */
export interface JournalFile {
  write(bytes: Uint8Array, offset: number): Promise<void>;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Data, and as much of the metadata as is needed to find it again, are on the disk when this returns. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** What the journal needs of a file system; a test puts a full or failing disk in its place. */
export interface JournalDisk {
  makeDirectory(): Promise<void>;
  list(): Promise<string[]>;
  create(name: string): Promise<JournalFile>;
  open(name: string): Promise<JournalFile>;
  sizeOf(name: string): Promise<number>;
  readAll(name: string): Promise<Uint8Array>;
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  room(): Promise<{ freeBytes: number; totalBytes: number }>;
  /** Makes creations, renames and removals survive a power cut. */
  syncDirectory(): Promise<void>;
}

/** The real one, in `directory`. Every call runs off the main thread. */
export function journalDirectory(directory: string): JournalDisk {
  const path = (name: string) => join(directory, name);
  return {
    makeDirectory: async () => void (await mkdir(directory, { recursive: true, mode: 0o700 })),
    list: () => readdir(directory),
    create: async (name) => journalFile(await open(path(name), 'wx+', 0o600)),
    open: async (name) => journalFile(await open(path(name), 'r+')),
    sizeOf: async (name) => (await stat(path(name))).size,
    readAll: (name) => readFile(path(name)),
    rename: (from, to) => rename(path(from), path(to)),
    remove: (name) => rm(path(name), { force: true }),
    room: async () => {
      const { bavail, blocks, bsize } = await statfs(directory);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    },
    syncDirectory: async () => {
      const handle = await open(directory, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}

function journalFile(handle: FileHandle): JournalFile {
  return {
    write: async (bytes, offset) => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, offset + done);
        if (bytesWritten === 0) throw Object.assign(new Error('nothing could be written'), { code: 'EIO' });
        done += bytesWritten;
      }
    },
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    },
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}
