import type { EntityDescription } from '../announced/entity-description.ts';

/** Readers of a utility's meter: what was consumed there was bought, what was produced there was sold. */
export const UTILITY_METER =
  /\b((smart|grid|electricity|utility|slimme) ?meter|slimme ?lezer|zuidwijk|dsmr|esmr|p1|p1 ?(reader|meter|ib)|linky|teleinfo|sml|amsleser|ams reader|han|tibber|octopus|youless|kamstrup|itron)\b/;

/** A meter's words as those of the grid; its tariffs are parts of one counter. */
function atMeter(entity: EntityDescription): EntityDescription {
  // A Dutch meter delivers to its house.
  const delivered = /\bdsmr\b/.test(`${entity.device} ${entity.words}`) ? 'import' : 'delivered';
  const words = entity.words
    .replace(/\bconsumption (?=.*\b(returned|production)\b)/, '')
    .replace(/\bdelivered\b(?! (by|to)\b)/g, delivered)
    // What a meter of the Smart Energy Profile delivered its house was bought.
    .replace(/\bcurrent total (delivered|received)\b/g, (_, way: string) =>
      way === 'delivered' ? 'total import energy' : 'total export energy',
    )
    .replace(/\binstantaneous demand\b/g, 'power')
    // What France's meters call what was drawn and what was injected.
    .replace(/\beas[ft]\b ?(\d*)/g, 'import energy $1')
    .replace(/\beait\b/g, 'export energy')
    .replace(/\b(consumed|used|absorbed|delivered to client|consumption|forward|positive|plus)\b/g, 'import')
    .replace(
      /\b(produced|supplied|returned|production|yield|delivered by client|reverse|negative|backward|minus)\b/g,
      'export',
    )
    .replace(/\b(off )?peak\b(?! power)/g, (_, off?: string) => (off ? 'channel 1' : 'channel 2'))
    .replace(/\b(electricity|energy) (import|export) ([1-4])$/, '$1 $2 channel $3')
    .replace(/\b(?:tarr?iff? ?|t)(\d)\b/g, 'channel $1')
    .replace(/\b(low|laag|nt)( tariff)?\b/g, 'channel 1')
    .replace(/\b(high|hoog|ht)( tariff)?\b/g, 'channel 2');
  return { ...entity, words: `grid ${words}` };
}

/** Of a utility's meter in the words of the grid. */
export function inItsWords(said: EntityDescription): EntityDescription {
  // A Powerwall's gateway calls the grid's side the site.
  if (/\bpowerwall\b/.test(said.device)) return { ...said, words: said.words.replace(/\bsite\b/g, 'grid') };
  // Panels that a meter speaks of are not the grid.
  if (/\b(pv\d*|solar|photovoltaic|panels?)\b/.test(said.words)) return said;
  return UTILITY_METER.test(said.device) || /\bmetering\b/.test(said.words) ? atMeter(said) : said;
}
