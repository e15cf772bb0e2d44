/** Writes the schema that all migrations give, for reading and for the test that compares it. */
import { join } from 'node:path';
import { archiveSchema, relationalSchema, telemetrySchema } from '../src/testing/schema.ts';

const folder = join(import.meta.dir, '..', 'migrations');
await Bun.write(join(folder, 'relational.schema.sql'), relationalSchema());
await Bun.write(join(folder, 'archive.schema.sql'), archiveSchema());
await Bun.write(join(folder, 'telemetry.schema.sql'), await telemetrySchema());
console.log('Wrote the *.schema.sql of migrations.');
