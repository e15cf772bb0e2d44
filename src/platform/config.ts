import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';

/**
 * Bootstrap configuration: what must be known before the databases open. Everything else is a stored setting.
 * `ampra.config.ts` < environment < flags. This list is the one description: validation, defaults, environment
 * names, `--help` and the documentation come from it.
 */
const PORT_WORDS = 'must be a whole number from 0 to 65535';
const port = z.coerce.number(PORT_WORDS).int(PORT_WORDS).min(0, PORT_WORDS).max(65535, PORT_WORDS);
const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0', 'on', 'off'])])
  .transform((v) => v === true || v === 'true' || v === '1' || v === 'on');
/** Open-Meteo's free forecast; asked only when an owner allowed it. */
const PUBLIC_FORECAST = 'https://api.open-meteo.com';
const PUBLIC_ARCHIVE = 'https://archive-api.open-meteo.com';
const webAddress = z.url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' });
const megabytes = z.coerce.number().int().min(1);

interface Setting {
  env: string;
  schema: z.ZodType;
  fallback: unknown;
  help: string;
}
const setting = <S extends z.ZodType>(env: string, schema: S, fallback: z.input<S> | undefined, help: string) =>
  ({ env, schema, fallback, help }) as const;

/** How long a level of the past is kept. */
const keptFor = (env: string, what: string) =>
  setting(env, z.coerce.number().int().min(0).max(36_500), 0, `${what}, days; 0 means for ever.`);

export const settings = {
  dataDir: setting('AMPRA_DATA_DIR', z.string().min(1), undefined, 'Folder that holds all state.'),
  httpPort: setting('AMPRA_HTTP_PORT', port, 8080, 'Port of the web pages, the API and MQTT over WebSocket.'),
  httpHost: setting('AMPRA_HTTP_HOST', z.string().min(1), '0.0.0.0', 'Address the web pages listen on.'),
  publicUrl: setting(
    'AMPRA_PUBLIC_URL',
    z.union([z.literal(''), z.url()]),
    '',
    'Address that owners type, when a proxy stands in front; used in links and mails.',
  ),
  trustProxy: setting(
    'AMPRA_TRUST_PROXY',
    flag,
    false,
    'Believe X-Forwarded-For and -Proto. Only behind a proxy of your own.',
  ),
  tls: setting(
    'AMPRA_TLS',
    z.enum(['off', 'local', 'files']),
    'off',
    "TLS for pages and MQTT: 'local' makes a certificate for this house, 'files' reads yours.",
  ),
  tlsCertFile: setting('AMPRA_TLS_CERT_FILE', z.string(), '', "PEM certificate chain, with tls 'files'."),
  tlsKeyFile: setting('AMPRA_TLS_KEY_FILE', z.string(), '', "PEM private key, with tls 'files'."),
  mqttPort: setting('AMPRA_MQTT_PORT', port, 1883, 'Port of the MQTT broker.'),
  mqttHost: setting('AMPRA_MQTT_HOST', z.string().min(1), '0.0.0.0', 'Address the MQTT broker listens on.'),
  mqttTlsPort: setting('AMPRA_MQTT_TLS_PORT', port, 8883, 'Port of MQTT over TLS, when tls is on.'),
  mqttWsPath: setting(
    'AMPRA_MQTT_WS_PATH',
    z.string().startsWith('/'),
    '/mqtt',
    'Path of MQTT over WebSocket on the web port.',
  ),
  mqttAccess: setting(
    'AMPRA_MQTT_ACCESS',
    z.enum(['sources', 'open']),
    'sources',
    "'open' also lets anonymous clients of the private network in.",
  ),
  mqttMaxPacketKb: setting('AMPRA_MQTT_MAX_PACKET_KB', megabytes, 256, 'Largest MQTT packet accepted, kB.'),
  mqttMaxClients: setting('AMPRA_MQTT_MAX_CLIENTS', megabytes, 500, 'Most MQTT connections at once.'),
  mqttMaxRate: setting(
    'AMPRA_MQTT_MAX_RATE',
    z.coerce.number().int().min(0),
    0,
    'Most messages a second from one MQTT client; 0 means no limit.',
  ),
  commitWindowMs: setting(
    'AMPRA_COMMIT_WINDOW_MS',
    z.coerce.number().int().min(0).max(900),
    750,
    'Longest time a reading waits for others before it goes to disk, ms.',
  ),
  rawRetentionDays: setting(
    'AMPRA_RAW_RETENTION_DAYS',
    z.coerce.number().min(0).max(3650),
    // A day more than lies between two weekly backups: with the journal a backup is complete.
    8,
    'How long payloads are kept as received, days.',
  ),
  fullDisk: setting(
    'AMPRA_FULL_DISK',
    z.enum(['refuse', 'oldest']),
    'refuse',
    "What a full disk costs: 'refuse' takes no new readings, 'oldest' removes the oldest before; charts and energy stay.",
  ),
  retentionDays: setting(
    'AMPRA_RETENTION_DAYS',
    z.coerce.number().int().min(0).max(36_500),
    0,
    'How long every reading is kept, days; 0 means for ever. Charts and energy stay.',
  ),
  minuteRetentionDays: keptFor('AMPRA_MINUTE_RETENTION_DAYS', 'How long minutes of removed readings are kept'),
  quarterRetentionDays: keptFor('AMPRA_QUARTER_RETENTION_DAYS', 'How long quarter hours are kept'),
  hourRetentionDays: keptFor('AMPRA_HOUR_RETENTION_DAYS', 'How long hours are kept'),
  dayRetentionDays: keptFor('AMPRA_DAY_RETENTION_DAYS', 'How long days are kept, and energy'),
  maxBodyMb: setting('AMPRA_MAX_BODY_MB', megabytes, 8, 'Largest HTTP body accepted, MB.'),
  memoryLimitMb: setting('AMPRA_MEMORY_LIMIT_MB', megabytes, 96, 'Memory that the telemetry database may use, MB.'),
  weather: setting(
    'AMPRA_WEATHER',
    z.enum(['ask', 'on', 'off']),
    'ask',
    "Weather from the internet: 'ask' lets an Overseer decide on the Weather page, 'on' needs no asking, 'off' never.",
  ),
  weatherUrl: setting(
    'AMPRA_WEATHER_URL',
    webAddress,
    PUBLIC_FORECAST,
    'Open-Meteo, or a server that answers `/v1/forecast` as it does. One in the private network is not the internet.',
  ),
  weatherArchiveUrl: setting(
    'AMPRA_WEATHER_ARCHIVE_URL',
    z.union([z.literal(''), webAddress]),
    '',
    "Where `/v1/archive` is. Empty: Open-Meteo's archive with Open-Meteo's forecast, else the server of `weatherUrl`.",
  ),
  weatherApiKey: setting(
    'AMPRA_WEATHER_API_KEY',
    z.string(),
    '',
    'Key for paid use of Open-Meteo; free use is not for business.',
  ),
  smtpUrl: setting(
    'AMPRA_SMTP_URL',
    z.union([z.literal(''), z.url({ protocol: /^smtps?$/ })]),
    '',
    'Mail server, smtp://user:password@host:587. Empty: no mail.',
  ),
  mailFrom: setting('AMPRA_MAIL_FROM', z.string(), 'Ampra <ampra@localhost>', 'Sender of mails.'),
  logLevel: setting(
    'AMPRA_LOG_LEVEL',
    z.enum(['debug', 'info', 'warn', 'error']),
    'info',
    'Least level that is logged.',
  ),
  logFormat: setting(
    'AMPRA_LOG_FORMAT',
    z.enum(['auto', 'json', 'text']),
    'auto',
    "'auto' is text on a terminal, JSON elsewhere.",
  ),
} as const satisfies Record<string, Setting>;

type Settings = typeof settings;
export type SettingName = keyof Settings;
export type Config = { readonly [K in SettingName]: z.output<Settings[K]['schema']> };
export type ConfigInput = { [K in SettingName]?: z.input<Settings[K]['schema']> };

/** Types the content of `ampra.config.ts`. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}

export interface ConfigProblem {
  setting: string;
  /** Where the value came from: the file, an environment variable or a flag. */
  from: string;
  message: string;
}

export type ConfigSources = {
  file?: { path: string; values: Record<string, unknown> };
  env: Record<string, string | undefined>;
  flags?: Record<string, string | undefined>;
  /** Data directory when nobody names one. */
  defaultDataDir: string;
};

/** Reads and validates everything; on failure every problem at once, each with what to do. */
export function readConfig(
  from: ConfigSources,
): { ok: true; config: Config } | { ok: false; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = unknownNames(from);
  const values: Record<string, unknown> = {};
  for (const [name, s] of Object.entries(settings) as [SettingName, Setting][]) {
    const [raw, origin] = pick(name, s, from);
    const parsed = s.schema.safeParse(raw);
    if (parsed.success) values[name] = parsed.data;
    else
      problems.push({
        setting: name,
        from: origin,
        message: `${says(name, raw)}: ${parsed.error.issues.map((i) => i.message).join('; ')}. ${s.help}`,
      });
  }
  if (problems.length === 0) problems.push(...contradictions(values as Config));
  if (problems.length > 0) return { ok: false, problems };
  const config = values as Config;
  const dataDir = isAbsolute(config.dataDir) ? config.dataDir : resolve(config.dataDir);
  return { ok: true, config: { ...config, dataDir } };
}

function pick(name: SettingName, s: Setting, from: ConfigSources): [unknown, string] {
  const flagValue = from.flags?.[name];
  if (flagValue !== undefined) return [flagValue, `flag --${kebab(name)}`];
  const envValue = from.env[s.env];
  if (envValue !== undefined && envValue !== '') return [envValue, `environment ${s.env}`];
  const fileValue = from.file?.values[name];
  if (fileValue !== undefined) return [fileValue, from.file?.path ?? 'ampra.config.ts'];
  return [name === 'dataDir' ? from.defaultDataDir : s.fallback, 'default'];
}

function unknownNames(from: ConfigSources): ConfigProblem[] {
  const known = new Set(Object.keys(settings));
  const knownEnv = new Set<string>(Object.values(settings).map((s) => s.env));
  const inFile = Object.keys(from.file?.values ?? {})
    .filter((k) => !known.has(k))
    .map((k) => ({
      setting: k,
      from: from.file?.path ?? 'file',
      message: 'is not a setting; see ampra.config.ts for the list',
    }));
  const inEnv = Object.keys(from.env)
    .filter((k) => k.startsWith('AMPRA_') && !knownEnv.has(k) && !OTHER_ENV.has(k))
    .map((k) => ({ setting: k, from: 'environment', message: 'is not a setting; unset it or mend its name' }));
  return [...inFile, ...inEnv];
}

/** Environment names that belong to tests and tools, not to the configuration. */
const OTHER_ENV = new Set(['AMPRA_TEST_DATA', 'AMPRA_PASSWORD', 'AMPRA_CACHE_DIR']);

function contradictions(c: Config): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (c.tls === 'files' && (!c.tlsCertFile || !c.tlsKeyFile))
    problems.push({
      setting: 'tls',
      from: 'configuration',
      message: "tls is 'files': name both tlsCertFile and tlsKeyFile",
    });
  if (c.httpPort !== 0 && c.httpPort === c.mqttPort && c.httpHost === c.mqttHost)
    problems.push({
      setting: 'mqttPort',
      from: 'configuration',
      message: `is ${c.mqttPort}, as httpPort: choose another for one of them`,
    });
  return [...problems, ...shortRetentions(c)];
}

/** What is rolled up outlives what it is made of. */
function shortRetentions(c: Config): ConfigProblem[] {
  const longest = (days: number) => (days === 0 ? Number.POSITIVE_INFINITY : days);
  return retentions.slice(1).flatMap((name, i) => {
    const finer = retentions[i] as (typeof retentions)[number];
    if (longest(c[name]) >= longest(c[finer])) return [];
    const limit = c[finer] === 0 ? 'for ever' : c[finer];
    const message = `is ${c[name]}, less than ${finer} (${limit}): what is coarser must be kept as long`;
    return [{ setting: name, from: 'configuration', message }];
  });
}

/** From the finest to the coarsest. */
const retentions = [
  ...(['retentionDays', 'minuteRetentionDays', 'quarterRetentionDays'] as const),
  ...(['hourRetentionDays', 'dayRetentionDays'] as const),
];

/** Where the weather of past years is asked for: never the internet when the forecast comes from elsewhere. */
export function weatherArchiveUrl(config: Pick<Config, 'weatherUrl' | 'weatherArchiveUrl'>): string {
  if (config.weatherArchiveUrl) return config.weatherArchiveUrl;
  return new URL(config.weatherUrl).origin === PUBLIC_FORECAST ? PUBLIC_ARCHIVE : config.weatherUrl;
}

/** Settings whose value must not be read aloud: a wrong one may hold a right password. */
const UNSPOKEN: ReadonlySet<string> = new Set<SettingName>(['smtpUrl', 'weatherApiKey']);

function says(name: string, raw: unknown): string {
  if (raw !== undefined && UNSPOKEN.has(name)) return 'is not what it must be';
  return raw === undefined ? 'is missing' : `is ${JSON.stringify(raw)}`;
}

export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}

/** `./data` in a checkout, `/var/lib/ampra` for the executable as a service, else `~/.ampra`. */
export function defaultDataDir(options: { isExecutable: boolean; isService: boolean; cwd: string }): string {
  if (!options.isExecutable) return join(options.cwd, 'data');
  return options.isService ? '/var/lib/ampra' : join(homedir(), '.ampra');
}
