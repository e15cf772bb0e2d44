import { isSameText } from '../../accounts/codes.ts';
import { nextTurn } from '../../core/next-turn.ts';

/** How a webhook is signed: `sha256=<hex HMAC-SHA256 of "<timestamp>.<raw body>">`, key = the secret's UTF-8 bytes. */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;
const encoder = new TextEncoder();

/** True if a header has the form of a signature; it may still be a wrong one. */
export function isSignature(header: string): boolean {
  return SIGNATURE.test(header);
}

/** So much is hashed in one go. */
const PIECE_BYTES = 1024 * 1024;

/**
 * True if `header` signs this timestamp and body. The comparison takes the same time whatever differs. Nothing is copied, and a
 * long body is hashed piece by piece, so that others have their turn.
 */
export async function isSignedBy(
  secret: string,
  signed: { timestamp: string; body: Uint8Array; header: string },
): Promise<boolean> {
  const given = SIGNATURE.exec(signed.header.trim())?.[1] ?? '';
  const hmac = new Bun.CryptoHasher('sha256', secret);
  hmac.update(`${signed.timestamp}.`);
  for (let at = 0; at < signed.body.length; at += PIECE_BYTES) {
    if (at > 0) await nextTurn();
    hmac.update(signed.body.subarray(at, at + PIECE_BYTES));
  }
  return isSameText(hmac.digest('hex'), given.toLowerCase());
}

/** The header of a body, for tests and tools that send. */
export async function signBody(secret: string, timestamp: string, body: Uint8Array): Promise<string> {
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  const prefix = encoder.encode(`${timestamp}.`);
  const message = new Uint8Array(prefix.length + body.length);
  message.set(prefix);
  message.set(body, prefix.length);
  return `sha256=${new Uint8Array(await crypto.subtle.sign('HMAC', key, message)).toHex()}`;
}
