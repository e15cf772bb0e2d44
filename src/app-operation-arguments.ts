import type { App } from './app.ts';
import type { Features } from './app-features.ts';
import { AmpraError } from './core/result.ts';
import type { OperationArguments } from './platform/operation.ts';

/** The features, or a refusal that says why there are none. */
export function featuresOf(app: App): Features {
  const broken = app.health().find((p) => p.part === 'relational database' && p.state === 'broken');
  if (broken)
    throw new AmpraError({ code: 'unavailable', message: broken.message ?? 'The relational database is broken.' });
  return app.features;
}

/** An option that must be there. */
export function text(args: OperationArguments, name: string): string {
  const value = args[name];
  if (typeof value !== 'string') throw refused(name, `--${name} is missing.`);
  return value;
}

export function refused(field: string, message: string): AmpraError {
  return new AmpraError({ code: 'invalid', field, message });
}
