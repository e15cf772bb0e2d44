/** Also what the suite leaves out for its length. */
process.env.TEST_LONG ??= '1';
await import('./disk.test.ts');
