import type { EnergyOrigin, EnergyOrigins } from './figures.ts';

/** How a sum became known, from how its parts did. */
export function combineOrigins(parts: readonly (EnergyOrigin | undefined)[]): EnergyOrigin | undefined {
  const known = parts.filter((part) => part !== undefined);
  const [first] = known;
  if (!first) return undefined;
  return {
    from: known.every((part) => part.from === first.from) ? first.from : 'mixed',
    powerKwh: known.reduce((sum, part) => sum + part.powerKwh, 0),
    bridgedKwh: known.reduce((sum, part) => sum + part.bridgedKwh, 0),
  };
}

/** The same for every quantity of some totals. */
export function combineAllOrigins(parts: readonly (EnergyOrigins | undefined)[]): EnergyOrigins {
  const origins: EnergyOrigins = {};
  for (const quantity of ['solar', 'load', 'import', 'export', 'charge', 'discharge'] as const) {
    const combined = combineOrigins(parts.map((part) => part?.[quantity]));
    if (combined) origins[quantity] = combined;
  }
  return origins;
}
