/** How a webhook is signed: `sha256=<hex HMAC-SHA256 of "<timestamp>.<raw body>">`, key = the secret's UTF-8 bytes. */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;
const encoder = new TextEncoder();

/** True if a header has the form of a signature; it may still be a wrong one. */
export function isSignature(header: string): boolean {
  return SIGNATURE.test(header);
}

/** True if `header` signs this timestamp and body. The comparison takes the same time whatever differs. */
export async function isSignedBy(
  secret: string,
  signed: { timestamp: string; body: Uint8Array; header: string },
): Promise<boolean> {
  const hex = SIGNATURE.exec(signed.header.trim())?.[1];
  const signature = hex ? Uint8Array.fromHex(hex) : new Uint8Array(32);
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'verify',
  ]);
  const prefix = encoder.encode(`${signed.timestamp}.`);
  const message = new Uint8Array(prefix.length + signed.body.length);
  message.set(prefix);
  message.set(signed.body, prefix.length);
  const isValid = await crypto.subtle.verify('HMAC', key, signature, message);
  return isValid && hex !== undefined;
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
