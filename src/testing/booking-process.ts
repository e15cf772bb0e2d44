import { systemClock } from '../core/clock.ts';
import { startTelemetry } from './telemetry.ts';

/** A process of its own that books a source of a folder anew, for tests that kill it. Prints a dot before each pass. */
const [dir = '', sourceId = ''] = process.argv.slice(2);
const { service } = await startTelemetry({ dir, clock: systemClock });
do process.stdout.write('.');
while (!(await service.bookPass(sourceId)));
await Bun.sleep(60_000);
