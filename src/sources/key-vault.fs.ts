import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { AmpraError } from '../core/result.ts';
import { writeWholeFile } from '../platform/whole-file.ts';
import type { KeyVault } from './ports.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keys of sources. API keys are only ever compared, so their SHA-256 is kept; webhook secrets must be known again to
 * check an HMAC, so they are kept under AES-256-GCM with a key from a file of its own (mode 600): a stolen database
 * alone opens nothing. The source's id is authenticated with it, so that a row cannot be given another's secret.
 */
export class SourceKeyVault implements KeyVault {
  private key: Buffer | null = null;
  constructor(private readonly keyFile: string) {}

  /** Reads the key file, or makes one. Throws `AmpraError` when the file is damaged. */
  start(): void {
    if (!existsSync(this.keyFile)) writeWholeFile(this.keyFile, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
    const key = Buffer.from(readFileSync(this.keyFile, 'utf8').trim(), 'hex');
    if (key.length !== KEY_BYTES)
      throw new AmpraError({
        code: 'unavailable',
        message: `The key file ${this.keyFile} is damaged.`,
        hint: 'Restore it from a backup; or remove it, start again and rotate the keys of every webhook source.',
      });
    this.key = key;
  }

  hashKey(apiKey: string): Uint8Array {
    return createHash('sha256').update(apiKey).digest();
  }

  isSame(a: Uint8Array, b: Uint8Array): boolean {
    return a.length === b.length && timingSafeEqual(a, b);
  }

  seal(sourceId: string, secret: string): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.opened(), nonce).setAAD(Buffer.from(sourceId));
    return Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  open(sourceId: string, sealed: Uint8Array): string | undefined {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.opened(), sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(sourceId)).setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      const text = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch {
      // The tag does not fit: another key file, or the row was tampered with. The owner rotates the keys.
      return undefined;
    }
  }

  private opened(): Buffer {
    if (!this.key) throw new Error('the key vault was not started');
    return this.key;
  }
}
