import { onceForEach } from '../once-for-each.ts';
import { UTILITY_METER } from './meter-words.ts';
import { englishWords } from './name-words.ts';

/**
 * What words around a value say of the device that sends it: an inverter (or its maker), something solar, a house's battery, a
 * battery of anything, a utility's meter, a meter of anything, or something that only has words in common with those.
 */
export type DeviceKind = 'inverter' | 'solar' | 'storage' | 'battery' | 'utility' | 'meter' | 'foreign' | 'unknown';

const MOST_TEXTS = 4000;
/** Things with a word in common with solar systems, and what only tells of them. */
const FOREIGN =
  /\b(weather|forecast|solcast|radiation|irradiance|irradiation|clear ?sky|theoretical|expected|pump|heater|boiler|light|lights|lamp|led|camera|wallbox|wall ?connector|predbat|emhass|charger|car|cars|ev|vehicle|vehicles|wattpilot|zappi|eddi|nibe|daikin|altherma|arotherm|aquarea|ecodan|keba|easee|zaptec|bike|scooter|fan|valve|gate|mower|robot|\w*phone\w*|ipad|tablet|watch|vacuum|remote|doorbell|lock|parameters?|thermostat|heat|heating|solar(thermie|thermal|kreis)\w*|pool|water|gas|collector|thermal|garden|greenhouse|irrigation|trv|printer|ups|nut|wifi|cpu|memory|price|tariff(?! ?\d)|lora|gps|tracker|soil|flower|server|laptop|notebook|\w*macbook|chromebook|thinkpad|power ?bank|wind|compressor|washing|dryer|dishwasher|fridge|climate|aircon|settings?|config|nameplate|limits|capabilit(y|ies)|thor|elwa|ohm ?pilot|my ?pv|gasmeter|game|node red|truck|boat|caravan|kubernetes|k8s|robot|agv|drone|tractor|ebike|e ?scooter|phone|leaf|zoe|kona|niro|ioniq|polestar|tesla ?mate|model ?[3sxy]|id ?[34567]|e ?tron|taycan|enyaq|born|twingo|megane|bmw|i3|mini|audi|volvo|skoda|cupra|renault|nissan|hyundai|kia|volkswagen|porsche|peugeot|opel|ford|fiat|dacia|sauna|oven|hob|cook ?top|stove|kettle|microwave|television|router|nas|wican|elm ?327|obd\d*|ovms|evnotify|saic|bluelink|weconnect|ebusd?|ems ?esp|vaillant|nibe|ecodan|luxtronik|stiebel|aquarea|altherma|daikin|byd (?:app|car|seal|dolphin|atto|han|tang))\d*\b/;
/** Chargers that take their power from panels. */
const SOLAR_CHARGER =
  /\b(solar|mppt|pv|inverter) (charger|tracker)\b|\b(charger|tracker) (controller|pv\d*|mppt\d*)\b/g;
/** A smaller model of something, and no car: `X1 mini`, `D1 mini`. */
const SMALL_MODEL = /\b([a-z]?\d[a-z]{0,2}|plus|pro|pm) mini\b/g;
const MAKERS =
  /\b((solis|ginlong|growatt|deye|sunsynk|sofar|solax|foxess|huawei|sun ?2000|goodwe|fronius|solarnet|gen ?24|solar ?log|kostal|plenticore|sunny ?boy|sunny ?tripower|sunny ?manager|tripower|alpha ?ess|epever|epsolar|voltronic|axpert|infinisolar|hoymiles|ap ?systems|enphase|envoy|powerwall|solaredge|solarman|(go)?sungrow|luxpower|renogy|studer|xtender|omnik|zeversolar|kaco|samil|steca|victron|smartsolar|bluesolar|outback|srne|easun|powmr|felicity|bluetti|jackery|marstek|givenergy|solarbank|solarflow|solarmax|magnum|tristar|morningstar|givtcp|sunpower|sigen|hinen|esy ?sunhome|dyness|solplanet|aiswei|azzurro|senec|varta|solix|livoltek|hanchu|solakon|stecagrid|zendure|ecoflow|noah|hyxi|tsun|solaranzeige|fimer|conext|myenergi|mi[nc]\d{4}|mod\d{4})\w*|sma|rct|piko|scb|saj|sonnen|eg4|must|zcs|e3dc|anker|nexa\w*|m ?tec|wechselrichter)\b/;
const INVERTER = /\b(inverters?\d*|wr\d*|hybrid|micro ?inverters?|dtu|wechselrichter)\b/;
const SOLAR = /\b(solar\w*|pv\d*|photovoltaics?|mppt\d*|pv ?system|balkon\w*|balcony)\b/;
/** Meters of a battery, whoever made them. */
const SHUNT = /\b(smart ?shunt|shunt|bmv\d*|\w*bms\d*)\b/;
/** What only a house's battery has. */
const STORAGE =
  /\b(pylon\w*|pytes|seplos\w*|pace\w*|daly\w*|jbd\w*|jk|byd(?:hvs)?|encharge|lifepo\d?|(grid|home|house|wall|solar) battery|battery (bank|rack|system))\b/;
const BATTERY = /\b(battery\d*|pack\d*)\b/;
const METER = /\b(energy meter|emlog|em24|sdm\d+|meter)\b/;

/** What only carries what others say, where their maker is named. */
const CARRIER = /\b(router|server|nas|node red|lora|laptop|notebook|wifi)\b/g;
const isMade = (words: string): boolean => MAKERS.test(words) || INVERTER.test(words);

/** True for a maker of inverters and batteries for houses. */
export const isMaker = (words: string): boolean => MAKERS.test(words);

/** True for a device that by its own name uses, makes or foretells power by itself, whatever carries its words. */
export const isForeign = (name: string): boolean => deviceKind(englishWords(name).replace(CARRIER, '')) === 'foreign';

/** What a topic, or a device's own name for itself, says. */
export const deviceKind = onceForEach(MOST_TEXTS, (text): DeviceKind => {
  const words = englishWords(text);
  const own = words.replace(SOLAR_CHARGER, 'mppt').replace(SMALL_MODEL, '$1');
  if (FOREIGN.test(isMade(own) ? own.replace(CARRIER, '') : own)) return 'foreign';
  if (SHUNT.test(words)) return 'storage';
  // `EcoFlow` is one word.
  if (MAKERS.test(words) || MAKERS.test(text.toLowerCase()) || INVERTER.test(words)) return 'inverter';
  if (SOLAR.test(words)) return 'solar';
  if (STORAGE.test(words)) return 'storage';
  if (BATTERY.test(words)) return 'battery';
  if (UTILITY_METER.test(words)) return 'utility';
  return METER.test(words) ? 'meter' : 'unknown';
});
