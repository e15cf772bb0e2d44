import { describe, expect, test } from 'bun:test';
import { isSignedBy, signBody } from './webhook-signature.ts';

describe('the signature of a post', () => {
  test('is right for its own secret, time and body only', async () => {
    const body = new TextEncoder().encode('{"solarPower":5}');
    const header = await signBody('a secret', '1700000000', body);
    const signed = { timestamp: '1700000000', body, header };
    expect(await isSignedBy('a secret', signed)).toBeTrue();
    expect(await isSignedBy('another', signed)).toBeFalse();
    expect(await isSignedBy('a secret', { ...signed, timestamp: '1700000001' })).toBeFalse();
    expect(await isSignedBy('a secret', { ...signed, body: body.subarray(1) })).toBeFalse();
    expect(await isSignedBy('a secret', { ...signed, header: 'sha256=' })).toBeFalse();
    expect(await isSignedBy('a secret', { ...signed, body: new Uint8Array(0) })).toBeFalse();
  });

  test('of a long body is looked at in pieces, and others have their turn', async () => {
    const body = new Uint8Array(8 * 1024 * 1024).map((_, i) => i);
    const header = await signBody('a secret', '1', body);
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    expect(await isSignedBy('a secret', { timestamp: '1', body, header })).toBeTrue();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });
});
