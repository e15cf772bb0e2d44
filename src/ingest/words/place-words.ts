/** English words of where in a house's supply a value is measured, which way it goes, and over what time it counts. */
export const SOLAR = /\b(pv\d?|solar|photovoltaic|mppt\d?|string\d?|panel|panels|yield)\b/;
export const PRODUCED = /\b(production|generation|generated|produced)\b/;
export const PRODUCTION = /\b(production|generation|generated)\b/;
export const BATTERY = /\b(battery\d*|batteries|bat|batt|bms\d*|accu|akku|storage|ess)\b/;
export const GRID = /\b(grid|utility|mains|meter|netz|smartmeter|feed ?in|import|imported|export|exported)\b/;
export const LOAD =
  /\b(load|loads|consumption|consumed|consumer|house|home|output|out|backup|eps|ups|haus|verbrauch)\b/;
/** An output alone may be anything's. */
export const LOAD_POWER =
  /\b(load|loads|consumption|consumed|consumer|house|home|backup|eps|ups|haus|verbrauch|ac out|ac output|output load)\b/;
/** Where what leaves an inverter is measured; a house's voltage may be the grid's. */
export const OUTPUT = /\b(load|loads|output|out|backup|eps|ups)\b/;
export const HOUSE = /\b(load|loads|house|home|haus|plant|pv\d?|solar)\b/;
export const GENERATOR = /\b(generator|genset|gen)\b/;
export const IN = /\b(import|imported|bought|from grid|in|purchased|consumed|consumption)\b/;
export const OUT = /\b(export|exported|sold|to grid|feed ?in|out|returned|production|fed)\b/;
export const CHARGE = /\b(charge|charged|charging|to battery|in)\b/;
export const DISCHARGE = /\b(discharge|discharged|discharging|from battery|out)\b/;
export const BOUGHT = /\b(bought|purchased?|sold)\b/;
export const DAILY = /\b(today|daily|day|todays)\b/;
export const TOTAL = /\b(total|lifetime|sum|cumulative|accumulated|overall|counter)\b/;

/** `feed in` goes out. */
export const isInward = (words: string) => IN.test(words.replace(/\bfeed ?in\b/g, ''));

/** `solar inverter grid voltage` is the grid's, as `solar load power` is the load's. */
const OF_DEVICE =
  /^(.*\b(?:solar|pv|hybrid|battery|grid) (?:inverter|system|plant|station|hybrid|controller)|solar|pv) (.*\b(?:grid|load|house|home|battery|backup|eps)\d* (?:(?:l ?\d|phase \w) )?(?:voltage|current|frequency|power|soc)\b)/;

/** Without what a device is called before the place in it. */
export const withoutDevice = (words: string): string => words.replace(OF_DEVICE, '$2');
