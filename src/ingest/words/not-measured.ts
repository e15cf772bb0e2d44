import { BATTERY, HOUSE, SOLAR } from './place-words.ts';

/** Settings, limits and forecasts have the same units, but measure nothing. */
export const NOT_MEASURED = new RegExp(
  `\\b(${[
    'max|maximum|min|minimum|limit|limits|limitation|limited|setpoint|set|setting|settings|preset|retain|schedule|planned|target|request',
    'requested|rated|rating|nominal|installed|threshold|cut ?off|reserve|reserved|available|usable|design|startup|start',
    'stop|re|back|zero|connect|reconnect|disconnect|trip|shedding|injection|leakage|isolation|insulation',
    'forecast|predicted|prediction|estimated|tomorrow|next|price|cost|tariff|savings|saved|revenue|co2',
    'peaks?|off ?peak|average|avg|filtered|cell|cells|yesterday|hour|hourly|uur|stunde|week|weekly|mon|month|monthly|year|yearly|last',
    'balancing|balance (current|voltage|power)|previous|prev|reactive|import limit|float|bulk|absorption|boost voltage|full voltage|equali[sz]ation|recharge|redischarge',
    'under voltage|over voltage|shutdown|restart|low|high|difference|delta|imbalance|lowest|highest|offset|factor|ratio',
    'config|configuration|expected|theoretical|alarm|warning|fault|error|enabled?|count|duration|simulated|simulation|hysteresis|deviation|calibration|harmonics?',
    'over ?voltage|under ?voltage|over ?current|over ?(dis)?charge|program|best|timing|timed|scheduled|protection|recovery|unbalance|thd|angle|cos ?phi|rate|quota|profit|serial|mpan|mprn|version|firmware|address|code|timestamp|uptime|rssi',
    'residual|self|direct|surplus|power demand|power (drop|dip)s?|median|mean$|smart load|aux|auxiliary|efficiency|priority',
    // What converts inside.
    'buck\\d?|dc to dc|dc dc|dcdc',
    'neutral|type|class|kind|model|contract|contracted|subscribed|quality|adc|desired|standby|margin|overpower|sliding|on (time|behaviou?r)',
    // Halves of a number in two registers, and the register itself.
    'hb|lb|msb|lsb|hi|lo|(power|voltage|current|energy|soc|frequency|temperature) raw',
    'loss|losses|allowed|permitted|possible|potential',
    'regulation|derat(?:ed|ing)|days|backflow|power off',
    // How long something went on.
    '(?:production|generation|operating|operation|running|run|working|work|charge|discharge|grid|battery) time',
    'third party|3rd party|additional|starter|other loads?|base ?load|untracked|unmonitored|unaccounted|non (?:pv|solar)',
    // Of several shunts, and what a site is paid for.
    'shunt [abc]|grid services?',
    'forced?|force ?charge|force ?discharge|mid ?point',
    // Reactive power by its unit.
    'k?vars?|k?varh|k?vah',
  ].join('|')})\\b`,
);
/** What uses power by itself: its power is not the house's. */
export const FOREIGN =
  /\b(heat ?pump|pump|server|psu|power supply|poe|circuit|ev|electric vehicle|(charging|charger) station|car|sauna|cook ?top|stove|kettle|microwave|aircon|air ?conditioner|pool|compressor|boiler|wallbox|ev ?charger|vehicle|washing|washer|dryer|dish ?washer|fridge|freezer|oven|hob|printer|thermostat|trv|heater|heating|hot water|gas|cold water|water (consumption|meter)|heat energy|(solar|pool|water|well|circulation) pump)\d*\b/;
/** What a house takes out of one source (`Total home consumption grid`). */
const HOUSES_SHARE = /\b(home|house) (own )?(consumption|consumed|load) (from )?(grid|pv|solar|battery)\b/;
/** "Home consumption from battery", "battery charge from PV", "solar export": a part of a flow, not the whole. */
export function isShareOfFlow(words: string): boolean {
  // What is charged from the grid is a part of what is charged.
  if (
    /\b(pv|solar) (export|import|consumed|consumption|used)\b|\bac charge\b|\bcharge from ac\b|\b(grid|utility) charge\b/.test(
      words,
    )
  )
    return true;
  // What one device of several gives to the house is not what the house uses.
  if (HOUSES_SHARE.test(words) || /\boutput (to )?(home|house)\b|\b(home|house) output\b/.test(words)) return true;
  const [, , place = ''] = /\b(from|to) (pv|solar|grid|battery|storage|home|house|load|own|ac|dc)\b/.exec(words) ?? [];
  // `daily_solar_home`: what of it went there.
  if (/\b(daily|today|total|lifetime) (solar|pv|battery) (home|house)\b/.test(words)) return true;
  if (place === '') return false;
  const rest = words.replaceAll(place, '');
  if (place !== 'grid' && /\b(import|export)\b/.test(rest)) return true;
  // What was imported from the grid is the whole of it.
  const others = place === 'grid' ? [SOLAR, BATTERY, HOUSE] : [SOLAR, BATTERY, HOUSE, /\b(grid|exported|imported)\b/];
  return others.some((other) => other.test(rest));
}

/** Levels of what a meter computes, of what is set, and of what may be at most (`cfg/max/power/charge`). */
const ASIDE =
  /^(dem|thd|system|settings?|config|cfg|max|min|maximum|minimum|limits?|set|setpoints?|target|rated|nominal)$/i;
export const isAside = (level: string): boolean => ASIDE.test(level);
