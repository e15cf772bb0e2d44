import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failPoint } from '../platform/fail-points.ts';
import type { ModelFiles } from './ports.ts';

/** `ModelFiles` under a folder of the data directory: `<source>/<version>.json`, and its card beside it. */
export function createModelFiles(folder: string): ModelFiles {
  const place = (sourceId: string): string => join(folder, safe(sourceId));
  const file = (sourceId: string, version: string): string => join(place(sourceId), `${safe(version)}.json`);
  const card = (sourceId: string, version: string): string => join(place(sourceId), `${safe(version)}.card.json`);
  return {
    read: async (sourceId, version) => {
      try {
        return await readFile(file(sourceId, version), 'utf8');
      } catch {
        return null;
      }
    },
    async write(sourceId, version, text, about) {
      await mkdir(place(sourceId), { recursive: true, mode: 0o700 });
      if (about) await writeWhole(card(sourceId, version), `${JSON.stringify(about, null, 2)}\n`);
      await writeWhole(file(sourceId, version), text);
    },
    async remove(sourceId, version) {
      await rm(file(sourceId, version), { force: true });
      await rm(card(sourceId, version), { force: true });
    },
    removeAllOf: (sourceId) => rm(place(sourceId), { recursive: true, force: true }),
    versions: async (sourceId) => {
      try {
        const names = await readdir(place(sourceId));
        return names.filter((name) => /^[^.]+\.json$/.test(name)).map((name) => name.replace(/\.json$/, ''));
      } catch {
        return [];
      }
    },
  };
}

/** Ids and versions are Ampra's own; nothing else becomes part of a path. */
function safe(name: string): string {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) throw new Error(`"${name}" is no name of a model`);
  return name;
}

/** Like `writeWholeFile`, without making anybody wait: half a megabyte takes its time on an SD card. */
async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.new`;
  const handle = await open(part, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  failPoint('model.before-rename');
  await rename(part, path);
  failPoint('model.renamed');
  const folder = await open(join(path, '..'), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
