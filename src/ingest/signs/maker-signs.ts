import { onceForEach } from '../once-for-each.ts';
import { englishWords } from '../words/name-words.ts';

/** Which sign a maker gives what flows into its battery; only those that are known. */
const POSITIVE_CHARGES =
  /\b(solarassistant|solar assistant|victron|smart ?shunt|bmv\d*|sigenergy|sigenstor|sigen|growatt sph|huawei|solaredge (modbus|b ?\d)|solax|e3dc|seplos|pylon\w*|renogy(?! battery \d))\b/;
const POSITIVE_DISCHARGES = /\b(deye|sunsynk|sol ark|evcc|goodwe|fronius|sonnen|tesla|powerwall|givenergy)\b/;
/** Words of a battery's own electronics, and makers of nothing else. */
const [OF_PACK, OF_BATTERY] = [
  /\b(\w*bms\d*|packs?\d*|stack|rack|pylon\w*)\b/,
  /\b(seplos|smart ?shunt|bmv\d*|pylon\w*)\b/,
];
/** A name that says its sign itself: `charge -minus or discharge -plus`. */
const SAYS_SIGN = /charge\W*(minus|plus|negative|positive)\W.*discharge\W*(minus|plus|negative|positive)/;
const MOST_TEXTS = 2000;

/** Makers of which every bridge counts what is bought as positive; and those whose meters count what is sold so, where a meter speaks. */
const POSITIVE_BUYS =
  /\b(solarassistant|solar assistant|victron|sigenergy|sigenstor|sigen|e3dc|deye|sunsynk|sol ark|fronius|tesla|powerwall|myenergi)\b/;
const [POSITIVE_SELLS, METER] = [/\b(huawei|sun2000|solaredge|goodwe)\b/, /\bmeter\b/];

/** What makes the catalogue's sign of a battery's power or current, by the maker that a text names; null for none, or two that differ. */
export function batterySignBy(words: string): 1 | -1 | null {
  const [charges, discharges] = [POSITIVE_CHARGES.test(words), POSITIVE_DISCHARGES.test(words)];
  return charges === discharges ? null : charges ? 1 : -1;
}

/** The same of a topic; a battery's own electronics beside an inverter need not count as it does. */
export const batterySignAt = onceForEach(MOST_TEXTS, (topic): 1 | -1 | null => {
  const [, charge] = SAYS_SIGN.exec(topic.toLowerCase().replaceAll('_', ' ')) ?? [];
  if (charge !== undefined) return /^(plus|positive)$/.test(charge) ? 1 : -1;
  const words = englishWords(topic);
  return OF_PACK.test(words) && !OF_BATTERY.test(words) ? null : batterySignBy(words);
});

/** What makes the catalogue's sign of the grid's power, by the maker that a topic names; null for none. */
export const gridSignAt = onceForEach(MOST_TEXTS, (topic): 1 | -1 | null => {
  const words = englishWords(topic);
  if (POSITIVE_BUYS.test(words)) return 1;
  return POSITIVE_SELLS.test(words) && METER.test(words) ? -1 : null;
});
