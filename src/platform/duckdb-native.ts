import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { writeWholeFile } from './whole-file.ts';

/**
 * Loads DuckDB's addon out of the executable. The addon looks for `libduckdb.so` beside itself, so both are written
 * once to a cache folder named after their content, and loaded from there (the executable's own files cannot be linked).
 * Only the build uses this (scripts/build.ts); in a checkout the package loads its files itself.
 */
export function loadEmbeddedDuckdb(embedded: { addon: string; library: string }): unknown {
  const folder = cacheFolder(`${basename(embedded.addon)}-${basename(embedded.library)}`);
  const addon = join(folder, 'duckdb.node');
  const library = join(folder, 'libduckdb.so');
  // The library first: an addon in place says that both are.
  if (!existsSync(addon)) {
    place(library, Bun.zstdDecompressSync(readFileSync(embedded.library)));
    place(addon, readFileSync(embedded.addon));
  }
  const module = { exports: {} as unknown };
  process.dlopen(module, addon);
  return module.exports;
}

/** First folder of the usual ones that can be written to and belongs to us: what is loaded from it is code. */
function cacheFolder(name: string): string {
  const roots = [
    process.env.AMPRA_CACHE_DIR,
    process.env.CACHE_DIRECTORY,
    process.env.XDG_CACHE_HOME,
    join(homedir(), '.cache'),
    tmpdir(),
  ];
  for (const root of roots) {
    if (!root) continue;
    const ours = join(root, `ampra-${process.getuid?.() ?? 0}`);
    const folder = join(ours, name);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chmodSync(ours, 0o700);
      if (statSync(folder).uid === process.getuid?.()) return folder;
    } catch {
      // Read-only or not ours: the next one.
    }
  }
  throw new Error('no folder to unpack DuckDB into; set AMPRA_CACHE_DIR to one that can be written');
}

/** Two commands may unpack at the same time: each writes a file of its own. */
function place(path: string, bytes: Uint8Array): void {
  writeWholeFile(path, bytes, { mode: 0o700, part: `${path}.${process.pid}` });
}
