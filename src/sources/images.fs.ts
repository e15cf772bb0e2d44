import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result, refuse } from '../core/result.ts';
import { syncPath } from '../platform/whole-file.ts';
import type { ImageStore } from './ports.ts';
import { onlyPicture } from './webp.ts';

/** Longest side of a stored icon or logo, px. */
export const IMAGE_SIDE_PX = 256;
/** Largest upload, bytes: a phone's photo fits. */
export const IMAGE_MAX_BYTES = 6 * 1024 * 1024;
/** Most pixels that are ever decoded (4 bytes each in memory): 25 megapixels, a phone's largest usual photo. */
export const IMAGE_MAX_PIXELS = 25_000_000;

const NAME = /^[0-9a-f]{32}\.webp$/;
const FORMATS = new Set(['jpeg', 'png', 'webp', 'gif']);
const USE_ANOTHER = 'Use a JPEG, PNG, WebP or GIF picture.';

/**
 * Icons and logos as files. What was uploaded is decoded, shrunk and written anew as WebP, so that only pixels survive:
 * no metadata, no colour profile, no second file hidden behind the picture. One picture at a time: decoding is the one
 * step that takes much memory.
 */
export class FileImageStore implements ImageStore {
  private turn: Promise<unknown> = Promise.resolve();
  constructor(private readonly folder: string) {}

  add(bytes: Uint8Array, field: string): Promise<Result<string>> {
    const work = this.turn.then(() => this.addNow(bytes, field));
    this.turn = work.catch(() => undefined);
    return work;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    if (!NAME.test(name)) return undefined;
    return readFile(join(this.folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  }

  async remove(name: string): Promise<void> {
    if (NAME.test(name)) await rm(join(this.folder, name), { force: true });
  }

  async sweep(inUse: ReadonlySet<string>): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.folder)) {
      const isOurs = NAME.test(name) || name.endsWith('.new');
      if (isOurs && !inUse.has(name)) await rm(join(this.folder, name), { force: true });
    }
  }

  private async addNow(bytes: Uint8Array, field: string): Promise<Result<string>> {
    const picture = await shrink(bytes, field);
    if (!picture.ok) return picture;
    const name = `${randomBytes(16).toString('hex')}.webp`;
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, name);
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(picture.value);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    syncPath(this.folder);
    return ok(name);
  }
}

/** The picture, at most 256 px on its longer side, as bare WebP. The format is told from the bytes, never from a name. */
export async function shrink(bytes: Uint8Array, field: string): Promise<Result<Uint8Array>> {
  if (bytes.length > IMAGE_MAX_BYTES)
    return refuse('too_large', `The picture has more than ${IMAGE_MAX_BYTES / 1024 / 1024} MB.`, {
      field,
      hint: 'Send a smaller one; 512 pixels are plenty.',
    });
  const isWhole = looksWhole(bytes);
  if (!isWhole) return noImage(field);
  try {
    const image = () => new Bun.Image(bytes, { maxPixels: IMAGE_MAX_PIXELS });
    const { format } = await image().metadata();
    if (!FORMATS.has(format)) return noImage(field);
    const fit = { fit: 'inside', withoutEnlargement: true } as const;
    const webp = await image().resize(IMAGE_SIDE_PX, IMAGE_SIDE_PX, fit).webp({ quality: 82 }).bytes();
    const picture = onlyPicture(webp);
    return picture ? ok(picture) : noImage(field);
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (!code.startsWith('ERR_IMAGE')) throw error;
    if (code !== 'ERR_IMAGE_TOO_MANY_PIXELS') return noImage(field);
    return refuse('too_large', `The picture has more than ${IMAGE_MAX_PIXELS / 1_000_000} million pixels.`, {
      field,
      hint: 'Send a smaller one; 512 pixels are plenty.',
    });
  }
}

/** The JPEG decoder paints what is missing grey instead of failing: a JPEG must end after its last scan began. */
function looksWhole(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return bytes.length > 0;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.lastIndexOf(Buffer.from([0xff, 0xd9])) > buffer.lastIndexOf(Buffer.from([0xff, 0xda]));
}

function noImage(field: string): Result<never> {
  return refuse('invalid', 'The file is not a picture that can be read, or it is damaged.', {
    field,
    hint: USE_ANOTHER,
  });
}
