import type { Dialect, Interpretation, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';
import {
  batteryPaths,
  inverterPaths,
  meterPaths,
  modes,
  sourcePaths,
  systemPaths,
  vebusPaths,
} from './victron-paths.ts';

/**
 * Victron Venus OS: `N/<portal id>/<service>/<instance>/<path>` with `{"value": ...}`; null means "not valid now", an
 * empty payload that the device is gone. Paths and signs after victronenergy/dbus-flashmq, node-red-contrib-victron
 * (services.json) and dbus-systemcalc-py: battery + charges, grid + imports. The system service outranks meters and
 * battery monitors, and those the inverters.
 */
const PORTAL = /^[0-9a-f]{12}$/i;
const services: Record<string, Record<string, Field>> = {
  system: systemPaths,
  battery: batteryPaths,
  vebus: vebusPaths,
  inverter: inverterPaths,
  multi: inverterPaths,
  acsystem: inverterPaths,
  solarcharger: sourcePaths,
  pvinverter: meterPaths('solarPower', 'totalEnergyProduced', null),
  grid: meterPaths('gridPower', 'totalGridImport', 'totalGridExport'),
  acload: meterPaths('loadPower', 'totalEnergyConsumed', null),
  genset: meterPaths('generatorPower', null, null),
  dcgenset: { 'Dc/0/Power': { to: 'generatorPower', how: 'sum' } },
};

const certain: Recognition = { sureness: 0.98, reason: 'notifications of a Victron GX device' };
const likely: Recognition = { sureness: 0.7, reason: 'topics and payload are shaped like those of Venus OS' };
const onBus: Recognition = { sureness: 0.9, reason: 'a path of a Victron service' };
const request: Recognition = { sureness: 0.9, reason: 'a request to a Victron GX device' };

/** A service as D-Bus names it, with a name of its own (`com.victronenergy.battery.ttyO2`), as Node-RED's nodes write it before a path. */
const ON_BUS = /^com\.victronenergy\.([a-z]+)(?:\.([\w-]+))?(?: -)? ?$/;

/** What a topic is about; the path's levels stand from `from` on. */
interface Place {
  isRequest: boolean;
  sure: Recognition | null;
  service: string;
  instance: string;
  from: number;
}

function placeOf(message: MessageView): Place | null {
  const { segments } = message;
  const start = startOf(message);
  if (start >= 0) {
    const [service = '', instance = ''] = segments.slice(start + 2);
    const isPortal = PORTAL.test(segments[start + 1] ?? '');
    const isLike = Object.hasOwn(services, service) && message.text?.includes('"value"');
    const sure = isPortal ? certain : isLike ? likely : null;
    return { isRequest: segments[start] !== 'N', sure, service, instance, from: start + 4 };
  }
  if (!message.topic.includes('com.victronenergy.')) return null;
  const at = segments.findIndex((segment) => ON_BUS.test(segment));
  const [, service = '', instance = ''] = ON_BUS.exec(segments[at] ?? '') ?? [];
  return service === '' ? null : { isRequest: false, sure: onBus, service, instance, from: at + 1 };
}

/** Where `N` is: first, or after a prefix that a bridge put before it. */
function startOf({ segments }: MessageView): number {
  const last = Math.min(segments.length - 3, 3);
  for (let i = 0; i <= last; i++) {
    const segment = segments[i];
    if ((segment === 'N' || segment === 'R' || segment === 'W') && PORTAL.test(segments[i + 1] ?? '')) return i;
  }
  return segments[0] === 'N' && segments.length >= 5 ? 0 : -1;
}

export const dialect: Dialect = {
  name: 'victron',
  commandTopics: ['R/+/#', 'W/+/#'],

  recognise(message) {
    const place = placeOf(message);
    return place?.isRequest ? request : (place?.sure ?? null);
  },

  interpret(message, context) {
    const place = placeOf(message);
    const path = message.segments.slice(place?.from).join('/');
    if (!place || place.isRequest || path === '' || !Object.hasOwn(services, place.service)) return nothingMeasured();
    const { service, instance } = place;
    const gone = message.payload.length === 0;
    const value = gone ? null : (message.json?.value ?? bareNumber(message));
    const draft = new Draft(context, message.receivedAt);
    if (!gone && readStatus(draft, service, path, value)) return draft.finish(null, true);
    if (service === 'system' && path === 'Batteries') return readBatteries(draft, value);
    return readNumber(draft, services[service] ?? {}, { service, instance, path, value });
  },
};

/** What stands alone where the device itself writes an object. */
const bareNumber = (message: MessageView): number | null =>
  message.looksLikeObject ? null : numberOf(message.text?.trim() ?? null);

interface Notification {
  service: string;
  instance: string;
  path: string;
  value: unknown;
}

const NUMBERED = /(^|\/)(L|In\/|Pv\/|PvOnGrid\/L|PvOnOutput\/L|PvOnGenset\/L)([0-9])(?=\/|$)/;

function readNumber(draft: Draft, table: Record<string, Field>, n: Notification): Interpretation {
  const phase = /(?:^|\/)L([123])(?=\/)/.exec(n.path)?.[1];
  const tracker = phase === undefined ? NUMBERED.exec(n.path)?.[3] : undefined;
  let pattern = phase === undefined ? n.path : n.path.replace(/(^|\/)L[123](?=\/)/, '$1L#');
  if (tracker !== undefined && pattern.startsWith('Pv/')) pattern = pattern.replace(/^Pv\/\d/, 'Pv/#');
  const field = Object.hasOwn(table, pattern) ? table[pattern] : undefined;
  if (!field) return nothingMeasured();
  const part = phase ? `L${phase}` : tracker && pattern.startsWith('Pv/#') ? tracker : '';
  const kind = pattern.includes('/PvOn') ? ` ${pattern.split('/')[1]}` : '';
  const order = (Number(n.instance) || 0) * 10 + Number(phase ?? tracker ?? 0);
  draft.take(field, n.value, { id: `${n.service} ${n.instance}${kind}${part && ` ${part}`}`, order });
  return draft.finish(null, true);
}

/** What each entry of the system's list of batteries says, by the paths of the service that it comes from. */
const LISTED = {
  soc: 'Soc',
  voltage: 'Dc/0/Voltage',
  current: 'Dc/0/Current',
  power: 'Dc/0/Power',
  temperature: 'Dc/0/Temperature',
} as const;

/** The list of batteries: of those the one that the system counts with, else each; the same parts as their services are. */
function readBatteries(draft: Draft, list: unknown): Interpretation {
  if (!Array.isArray(list)) return nothingMeasured();
  const known = list.slice(0, 16).filter((entry) => typeof entry === 'object' && entry !== null);
  const active = known.filter((entry) => entry.active_battery_service === true);
  for (const battery of active.length > 0 ? active : known) {
    const service = /^com\.victronenergy\.(\w+)/.exec(String(battery.id))?.[1] ?? 'battery';
    const which = { id: `${service} ${battery.instance}`, order: (Number(battery.instance) || 0) * 10 };
    for (const [name, path] of Object.entries(LISTED)) {
      const field = batteryPaths[path];
      if (field) draft.take(field, battery[name], which);
    }
  }
  return draft.finish(null, true);
}

/** Words and codes; true when the path was one of them. */
function readStatus(draft: Draft, service: string, path: string, value: unknown): boolean {
  if (path === 'ErrorCode' || path === 'VebusError') {
    if (typeof value === 'number' || typeof value === 'string') draft.codes('faultCodes', value);
    return true;
  }
  const isInverter = service === 'vebus' || service === 'inverter' || service === 'multi' || service === 'acsystem';
  if (path === 'State' && isInverter) {
    if (typeof value === 'number') draft.text('operatingMode', modes.state[value] ?? `State ${value}`);
    return true;
  }
  if (path === 'Ac/ActiveIn/Source' && service === 'system') {
    if (typeof value === 'number') draft.text('deviceStatus', modes.source[value] ?? `Source ${value}`);
    return true;
  }
  return false;
}
