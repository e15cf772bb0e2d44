import { isSettingTopic } from '../announced/entity-kinds.ts';
import type { DialectContext } from '../dialect.ts';
import type { MessageView } from '../payload/message-view.ts';
import { deviceKind } from '../words/device-words.ts';
import { wordsOf } from '../words/name-words.ts';
import type { Named } from './plain-meaning.ts';

/** Most of what other things say has none of these. */
const MAYBE = [
  /pv|sol|sun|prod|erzeug|fotov/i,
  /grid|netz|rete|reseau|mains/i,
  /house|home|haus|load|verbrauch|maison|casa/i,
];
/** What is planned, foreseen or set, and not what is. */
const NOT_NOW =
  /forecast|predict|theoretical|expected|clear ?sky|setting|config|nameplate|limits|capabilit|parameter|predbat|emhass|price|tariff|plan|history|statistic/i;
/** Power of the sun, at the mains and of the house. */
const FLOWS = [
  /^(solar|pv|(solar |pv )?(production|generation))( power)?( now)?( k?w)?$/,
  /^grid( import| export)?( power)?( now)?( k?w)?$/,
  /^(load|house|home|(house|home) (load|consumption))( power)?( now)?( k?w)?$/,
];

/**
 * True where a thing of its own (a wallbox, a heating rod) says what the house's sun, mains and use are, all three: what it
 * decides by.
 */
export function isHouseView({ looksLikeData, text, topic, leaves }: MessageView, { role }: DialectContext): boolean {
  if (!looksLikeData || (role !== undefined && role !== 'system')) return false;
  if (
    isSettingTopic(topic) ||
    NOT_NOW.test(topic) ||
    deviceKind(topic) !== 'foreign' ||
    !MAYBE.every((word) => word.test(text ?? ''))
  )
    return false;
  const names = [...leaves.names].map((name) => wordsOf([name]));
  return FLOWS.every((flow) => names.some((name) => flow.test(name)));
}

/** What of such a view is the house's beyond doubt: its flows, and the charge of a battery whose power stands beside. */
export function onlyFlows(found: readonly Named[]): Named[] {
  const hasBattery = found.some(({ metric }) => metric === 'batteryPower');
  return found.filter(
    ({ metric, isBare }) =>
      !isBare && (/^(solar|grid|load|battery)Power$/.test(metric) || (hasBattery && metric === 'stateOfCharge')),
  );
}
