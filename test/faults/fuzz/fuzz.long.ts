/** Fifty times as many inputs as the suite tries; `TEST_TIMES` says otherwise. */
process.env.TEST_TIMES ??= '50';
await import('./files.test.ts');
await import('./devices.test.ts');
await import('../../../src/ingest/dialects/dialects.test.ts');
await import('./api.test.ts');
await import('./pages.test.ts');
