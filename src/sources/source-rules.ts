import { formatDecimal, minorDigits, parseDecimal } from '../core/money.ts';
import type { Result } from '../core/result.ts';
import { findTimeZone, isCalendarDate } from './calendar.ts';
import { readArrays, type SourceArrayInput } from './panels.ts';
import { Problems } from './problems.ts';
import { type ConnectionType, type PowerGroup, type Source, type SourceRole, sourceRoles } from './source.ts';

/** What an owner may say about a source. */
export type SourceDetails = Pick<
  Source,
  | 'name'
  | 'description'
  | 'groupId'
  | 'role'
  | 'connectionType'
  | 'latitude'
  | 'longitude'
  | 'timeZone'
  | 'installedCapacityW'
  | 'inverterLimitW'
  | 'arrays'
  | 'currency'
  | 'systemCostMinor'
  | 'maintenancePerYearMinor'
  | 'installationDate'
>;

/**
 * The same as it comes in from a form or a program. Absent means "as it was"; null or '' empties what may be empty.
 * Money is a decimal in the currency's major unit ("12500.50").
 */
export interface SourceInput {
  name?: string | undefined;
  description?: string | null | undefined;
  groupId?: string | null | undefined;
  role?: string | undefined;
  connectionType?: string | undefined;
  latitude?: string | number | null | undefined;
  longitude?: string | number | null | undefined;
  timeZone?: string | null | undefined;
  installedCapacityW?: string | number | null | undefined;
  inverterLimitW?: string | number | null | undefined;
  arrays?: readonly SourceArrayInput[] | null | undefined;
  currency?: string | null | undefined;
  systemCost?: string | number | null | undefined;
  maintenancePerYear?: string | number | null | undefined;
  installationDate?: string | null | undefined;
}

export const NAME_MAX = 100;
export const DESCRIPTION_MAX = 500;
export const CAPACITY_MAX_W = 1_000_000;
export const DEFAULT_CURRENCY = 'EUR';

/**
 * Checks the input and lays it over `before` (the source as it is, or what is known of a new one).
 * `groupId` is only looked at for its form; whose group it is, the service says.
 */
export function readSourceDetails(input: SourceInput, before: Partial<SourceDetails>): Result<SourceDetails> {
  const problems = new Problems();
  const name = readName(input.name ?? before.name, problems);
  const description = readDescription(input.description ?? before.description ?? '', problems);
  const currency = readCurrency(input.currency || before.currency || DEFAULT_CURRENCY, problems);
  const place = readPlace(input, before, problems);
  const details = {
    name,
    description,
    groupId: input.groupId === undefined ? (before.groupId ?? null) : input.groupId || null,
    role: readRole(input.role ?? before.role ?? 'system', problems),
    connectionType: readConnection(input.connectionType ?? before.connectionType ?? 'mqtt', problems),
    ...place,
    installedCapacityW: readCapacity(input.installedCapacityW, before.installedCapacityW ?? null, problems),
    inverterLimitW: readLimit(input.inverterLimitW, before.inverterLimitW ?? null, problems),
    arrays: readArrays(input.arrays, before.arrays ?? [], problems, toNumber),
    currency,
    systemCostMinor: readCost('systemCost', input.systemCost, before.systemCostMinor, before.currency),
    maintenancePerYearMinor: readCost(
      'maintenancePerYear',
      input.maintenancePerYear,
      before.maintenancePerYearMinor,
      before.currency,
    ),
    installationDate: readInstallationDate(input.installationDate, before.installationDate ?? null, problems),
  };
  return problems.or(() => details);

  function readCost(field: string, value: string | number | null | undefined, was?: number | null, wasIn?: string) {
    if (value === undefined && (was ?? null) === null) return null;
    if (value === null || value === '') return null;
    const digits = minorDigits(currency) ?? 2;
    // A change of currency keeps the figure (12,500 stays 12,500), not the count of cents.
    const text = value ?? formatDecimal(was ?? 0, minorDigits(wasIn ?? currency) ?? digits);
    const read = parseDecimal(text, digits);
    if (!read.ok) problems.add(field, `${read.error.message} (${currency})`);
    else if (read.value < 0) problems.add(field, 'must not be negative');
    return read.ok ? read.value : null;
  }
}

/** 1..100 characters; spaces at the ends do not count. */
export function readName(value: string | undefined, problems: Problems): string {
  const name = (value ?? '').trim();
  const length = [...name].length;
  if (length === 0) problems.add('name', 'is missing: give it a name you will recognise');
  else if (length > NAME_MAX) problems.add('name', `has ${length} characters: use at most ${NAME_MAX}`);
  else if (hasControls(name)) problems.add('name', 'holds control characters or line breaks: leave them out');
  return name;
}

/** At most 500 characters. */
export function readDescription(value: string, problems: Problems): string {
  const description = value.replaceAll('\r\n', '\n').trim();
  const length = [...description].length;
  if (length > DESCRIPTION_MAX) problems.add('description', `has ${length} characters: use at most ${DESCRIPTION_MAX}`);
  return description;
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function readRole(value: string, problems: Problems): SourceRole {
  const role = sourceRoles.find((known) => known === value);
  if (!role) problems.add('role', `is not one of ${sourceRoles.join(', ')}`);
  return role ?? 'system';
}

function readConnection(value: string, problems: Problems): ConnectionType {
  if (value !== 'mqtt' && value !== 'webhook') problems.add('connectionType', 'is neither mqtt nor webhook');
  return value === 'webhook' ? 'webhook' : 'mqtt';
}

function readPlace(input: SourceInput, before: Partial<SourceDetails>, problems: Problems) {
  return {
    latitude: readDegrees('latitude', input.latitude ?? before.latitude, 90, problems),
    longitude: readDegrees('longitude', input.longitude ?? before.longitude, 180, problems),
    timeZone: readTimeZone(input.timeZone || before.timeZone, problems),
  };
}

function readDegrees(field: string, value: string | number | undefined, limit: number, problems: Problems): number {
  if (value === undefined || value === '') {
    problems.add(field, 'is missing: give the place in degrees, such as 52.37 (a map shows it)');
    return 0;
  }
  const degrees = toNumber(value);
  if (degrees === undefined) problems.add(field, 'is not a number: write degrees with a point, such as -33.92');
  else if (Math.abs(degrees) > limit) problems.add(field, `must lie between -${limit} and ${limit} degrees`);
  return degrees ?? 0;
}

function readTimeZone(value: string | undefined, problems: Problems): string {
  if (!value) {
    problems.add('timeZone', 'is missing: choose the zone of the place, such as Europe/Berlin');
    return 'UTC';
  }
  const zone = findTimeZone(value.trim());
  if (!zone)
    problems.add('timeZone', 'is not a zone of the IANA list: use a name such as Europe/Berlin or Africa/Lagos');
  return zone ?? 'UTC';
}

function readCapacity(value: string | number | null | undefined, was: number | null, problems: Problems) {
  if (value === undefined) return was;
  if (value === null || value === '') return null;
  const watts = toNumber(value);
  if (watts === undefined) problems.add('installedCapacityW', 'is not a number: write the watts, such as 5400');
  else if (watts < 0 || watts > CAPACITY_MAX_W)
    problems.add('installedCapacityW', 'must lie between 0 and 1,000,000 W (watts, not kilowatts)');
  return watts ?? null;
}

function readLimit(value: string | number | null | undefined, was: number | null, problems: Problems) {
  if (value === undefined) return was;
  if (value === null || value === '') return null;
  const watts = toNumber(value);
  if (watts === undefined) problems.add('inverterLimitW', 'is not a number: write the watts, such as 5000');
  else if (watts < 1 || watts > CAPACITY_MAX_W)
    problems.add('inverterLimitW', 'must lie between 1 and 1,000,000 W (watts, not kilowatts)');
  return watts ?? null;
}

function readCurrency(value: string, problems: Problems): string {
  const code = value.trim().toUpperCase();
  if (minorDigits(code) === undefined)
    problems.add('currency', 'is not a currency code of ISO 4217: use three letters such as EUR, USD or NGN');
  return code;
}

function readInstallationDate(value: string | null | undefined, was: string | null, problems: Problems) {
  if (value === undefined) return was;
  if (value === null || value === '') return null;
  if (!isCalendarDate(value)) problems.add('installationDate', 'is not a date: write it as 2024-05-31');
  else if (value < '1950-01-01' || value > '2100-12-31')
    problems.add('installationDate', 'must lie between 1950 and 2100');
  return value;
}

/** A finite number written in digits with a point or comma; undefined for anything else ("0x10", "", "1e400"). */
function toNumber(value: string | number): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const text = value.trim().replace(',', '.');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return undefined;
  return Number(text);
}

export type GroupDetails = Pick<PowerGroup, 'name' | 'description'>;

export interface GroupInput {
  name?: string | undefined;
  description?: string | null | undefined;
}

/** Checks a group's input and lays it over `before`. */
export function readGroupDetails(input: GroupInput, before: Partial<GroupDetails>): Result<GroupDetails> {
  const problems = new Problems();
  const name = readName(input.name ?? before.name, problems);
  const description = readDescription(input.description ?? before.description ?? '', problems);
  return problems.or(() => ({ name, description }));
}
