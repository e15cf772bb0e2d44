import type { Result } from '../../core/result.ts';
import { Problems } from '../../sources/problems.ts';
import { readName } from '../../sources/source-rules.ts';
import { type Connection, type ConnectionKind, connectionKinds } from './connection.ts';

/** What an owner may say about a connection; the source is the service's to check. */
export type ConnectionDetails = Pick<
  Connection,
  | 'name'
  | 'host'
  | 'port'
  | 'usesTls'
  | 'verifiesCertificate'
  | 'authorityPem'
  | 'userName'
  | 'clientId'
  | 'kind'
  | 'topicFilters'
  | 'isOn'
>;

/** The same as it comes in from a form or a program. Absent means "as it was". */
export interface ConnectionInput {
  name?: string | undefined;
  host?: string | undefined;
  port?: string | number | null | undefined;
  usesTls?: boolean | undefined;
  verifiesCertificate?: boolean | undefined;
  authorityPem?: string | null | undefined;
  userName?: string | null | undefined;
  /** null or '' takes it away. */
  password?: string | null | undefined;
  clientId?: string | undefined;
  kind?: string | undefined;
  topicFilters?: readonly string[] | undefined;
  isOn?: boolean | undefined;
}

const HOST_MAX = 253;
const TEXT_MAX = 256;
const PEM_MAX = 32 * 1024;
const MOST_FILTERS = 20;
const FILTER_MAX = 256;
const HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.?$/i;
const V6 = /^[0-9a-f:.]+(?:%[\w.-]+)?$/i;

/** Checks the input and lays it over `before`: the connection as it is, or what a new one starts with. */
export function readConnection(
  input: ConnectionInput,
  before: Partial<ConnectionDetails> & Pick<ConnectionDetails, 'clientId'>,
): Result<ConnectionDetails> {
  const problems = new Problems();
  const usesTls = input.usesTls ?? before.usesTls ?? false;
  const host = readHost(input.host ?? before.host ?? '', problems);
  const details: ConnectionDetails = {
    name: readName(input.name || before.name || host, problems),
    host,
    port: readPort(input.port ?? before.port ?? (usesTls ? 8883 : 1883), problems),
    usesTls,
    verifiesCertificate: input.verifiesCertificate ?? before.verifiesCertificate ?? true,
    authorityPem: readPem(
      input.authorityPem === undefined ? (before.authorityPem ?? null) : input.authorityPem,
      problems,
    ),
    userName: readText('userName', input.userName ?? before.userName ?? '', problems),
    clientId: readText('clientId', input.clientId || before.clientId, problems),
    kind: readKind(input.kind ?? before.kind ?? 'auto', problems),
    topicFilters: readFilters(input.topicFilters ?? before.topicFilters ?? [], problems),
    isOn: input.isOn ?? before.isOn ?? true,
  };
  if (typeof input.password === 'string' && input.password.length > TEXT_MAX)
    problems.add('password', `has more than ${TEXT_MAX} characters`);
  return problems.or(() => details);
}

/** A name or an address, without a scheme, port or path; brackets around IPv6 are taken off. */
function readHost(value: string, problems: Problems): string {
  const host = value.trim().replace(/^\[(.*)\]$/, '$1');
  if (host === '') problems.add('host', 'is missing: the name or address of the device, like 192.168.1.30');
  else if (/:\/\//.test(host)) problems.add('host', 'must be a name or address alone, without mqtt:// before it');
  else if (host.length > HOST_MAX || !(host.includes(':') ? V6 : HOST).test(host))
    problems.add('host', 'must be a name or address alone, like venus.local or 192.168.1.30');
  return host;
}

function readPort(value: string | number, problems: Problems): number {
  const port = typeof value === 'string' ? (/^\s*\d{1,5}\s*$/.test(value) ? Number(value) : Number.NaN) : value;
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  problems.add('port', 'must be a whole number from 1 to 65535');
  return 0;
}

function readPem(value: string | null, problems: Problems): string | null {
  const pem = value?.trim() ?? '';
  if (pem === '') return null;
  if (pem.length > PEM_MAX) problems.add('authorityPem', 'is longer than a certificate can be');
  else if (!/^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----$/.test(pem) || pem.includes('PRIVATE KEY'))
    problems.add('authorityPem', 'must be a certificate in PEM form, from -----BEGIN CERTIFICATE----- on');
  return `${pem}\n`;
}

function readText(field: string, value: string, problems: Problems): string {
  const text = value.trim();
  if (text.length > TEXT_MAX) problems.add(field, `has more than ${TEXT_MAX} characters`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: MQTT lets none of them in
  else if (/[\u0000-\u001f\u007f]/.test(text)) problems.add(field, 'holds control characters: leave them out');
  return text;
}

function readKind(value: string, problems: Problems): ConnectionKind {
  const kind = connectionKinds.find((k) => k === value);
  if (!kind) problems.add('kind', `must be one of ${connectionKinds.join(', ')}`);
  return kind ?? 'auto';
}

function readFilters(value: readonly string[], problems: Problems): readonly string[] {
  const filters = [...new Set(value.map((filter) => filter.trim()).filter((filter) => filter !== ''))];
  if (filters.length > MOST_FILTERS) problems.add('topicFilters', `are more than ${MOST_FILTERS}`);
  const wrong = filters.find((filter) => !isFilter(filter));
  if (wrong !== undefined) problems.add('topicFilters', `hold “${wrong.slice(0, 60)}”, which is no MQTT topic filter`);
  return filters;
}

function isFilter(filter: string): boolean {
  if (filter.length > FILTER_MAX || filter.startsWith('$') || filter.includes('\u0000')) return false;
  const levels = filter.split('/');
  return levels.every(
    (level, i) =>
      level === '+' || (level === '#' ? i === levels.length - 1 : !level.includes('+') && !level.includes('#')),
  );
}
