/** A random identifier of 128 bits as a lower-case UUID (RFC 9562, version 4). */
export function newId(): string {
  return crypto.randomUUID();
}

/** `bytes` random bytes as lower-case hex. 32 bytes give the 64-digit keys and secrets of sources. */
export function newSecretHex(bytes = 32): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (b) => b.toString(16).padStart(2, '0')).join('');
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isId(text: string): boolean {
  return UUID.test(text);
}
