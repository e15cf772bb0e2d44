import type { ConnectionKind } from '../../src/ingest/connections/connection.ts';

/** What each kind is called. */
export const kindWords: Record<ConnectionKind, string> = {
  auto: 'Found out by listening',
  victron: 'Victron GX (Venus OS)',
  solarAssistant: 'SolarAssistant',
  other: 'Another broker',
};
