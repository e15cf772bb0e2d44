/** SHA-256 as lower-case hex, for secrets of 128 random bits and more; passwords need argon2id. */
export function sha256Hex(text: string): string {
  return new Bun.CryptoHasher('sha256').update(text).digest('hex');
}
