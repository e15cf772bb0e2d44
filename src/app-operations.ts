import type { App, Features } from './app.ts';
import { AmpraError } from './core/result.ts';
import type { Operation } from './platform/operation.ts';

/**
 * What the command line asks of the appliance, by name. The same code runs inside the running appliance (through its
 * local socket) and in the command's own process when none runs.
 */
export function operations(app: App): Readonly<Record<string, Operation>> {
  return {
    health: async (_args, io) => io.write(JSON.stringify(app.health())),
    // user add, user list, user reset-password, token add: accounts

    // import, export: telemetry
  };
}

/** The features, or a refusal that says why there are none. */
export function featuresOf(app: App): Features {
  const broken = app.health().find((p) => p.part === 'relational database' && p.state === 'broken');
  if (broken)
    throw new AmpraError({ code: 'unavailable', message: broken.message ?? 'The relational database is broken.' });
  return app.features;
}
