import { formatNumber } from '../../src/core/format.ts';
import { formatDecimal, minorDigits } from '../../src/core/money.ts';
import type { SourceRole } from '../../src/sources/source.ts';
import type { SourceState } from '../../src/sources/source-state.ts';
import type { BadgeKind } from '../parts/badge.tsx';

/** As what a source counts into the house. */
export const roleWords: Record<SourceRole, string> = {
  system: 'Inverter',
  solar: 'Solar',
  load: 'Load',
  grid: 'Grid',
  battery: 'Battery',
  generator: 'Generator',
};

export const stateWords: Record<SourceState, { label: string; badge: BadgeKind }> = {
  waiting: { label: 'Waiting for its first reading', badge: 'waiting' },
  reporting: { label: 'Reporting', badge: 'ok' },
  late: { label: 'Late', badge: 'waiting' },
  silent: { label: 'Silent', badge: 'alert' },
  asleep: { label: 'Asleep till sunrise', badge: 'waiting' },
  unknown: { label: 'Unknown', badge: 'off' },
  deactivated: { label: 'Switched off', badge: 'off' },
};

export const connectionWords = { mqtt: 'MQTT', webhook: 'Webhook' } as const;

/** "12,500.50 EUR"; "-" when unknown. */
export function moneyText(minor: number | null, currency: string): string {
  if (minor === null) return '-';
  const [whole = '0', fraction] = formatDecimal(minor, minorDigits(currency) ?? 2).split('.');
  return `${formatNumber(Number(whole))}${fraction ? `.${fraction}` : ''} ${currency}`;
}
