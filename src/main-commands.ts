import { type CliOption, type Command, type CommandCall, type Terminal, UsageError } from './platform/cli.ts';
import { kebab, settings } from './platform/config.ts';
import { version } from './platform/runtime.ts';

/**
 * Every command of `ampra`: its name, what it is for, its options, what it does. The heavy parts are loaded by the
 * command that needs them, so that `version` answers at once.
 */
const dataDir: Record<string, CliOption> = {
  'data-dir': { value: 'FOLDER', help: settings.dataDir.help },
};

const sourceOption: CliOption = { value: 'SOURCE', help: 'Id of the source, or its name.', isRequired: true };
const formatOption: CliOption = { value: 'FORMAT', help: "csv or ndjson; by the file's name when absent." };

const password: Record<string, CliOption> = {
  password: { value: 'PASSWORD', help: 'The password; others on this machine can see it while the command runs.' },
  'password-stdin': { help: 'Read the password from standard input.' },
};

const passphraseStdin: CliOption = { help: 'Read the passphrase from standard input.' };
const progressLines: CliOption = { help: 'Write progress and outcome as JSON lines, for programs.' };

/** Every setting as a flag, from the one description of the configuration. */
const settingFlags: Record<string, CliOption> = Object.fromEntries(
  Object.entries(settings).map(([name, s]) => [
    kebab(name),
    {
      value: 'VALUE',
      help: `${s.help} [${s.env}${s.fallback === undefined || s.fallback === '' ? '' : `, default ${s.fallback}`}]`,
    },
  ]),
);

export const commands: readonly Command[] = [
  {
    name: 'serve',
    summary: 'Run the appliance: pages, broker, store.',
    options: settingFlags,
    details: 'Stops in order on SIGTERM or SIGINT; a second signal ends it at once.',
    run: async (call) => {
      const { configFor } = await import('./main-tools.ts');
      const { serve } = await import('./main-serve.ts');
      await serve({ config: await configFor(call), terminal: call.terminal });
    },
  },
  {
    name: 'demo',
    summary: 'Show a house with two years of history and live devices.',
    options: settingFlags,
    details: 'Keeps its state in a folder of its own; takes the next free ports when the usual ones are taken.',
    run: async (call) => (await import('./main-demo.ts')).runDemo(call),
  },
  {
    name: 'user add',
    summary: 'Make an account.',
    options: {
      email: { value: 'EMAIL', help: 'Address to sign in with.', isRequired: true },
      role: { value: 'ROLE', help: 'overseer, admin or user.', isRequired: true },
      ...password,
      name: { value: 'NAME', help: 'How they are called; the part before the @ when absent.' },
      ...dataDir,
    },
    details: 'On a terminal it asks for the password when none is given.',
    run: async (call) => ask(await withPassword(call), 'user add', { mayCreate: true }),
  },
  {
    name: 'user list',
    summary: 'List the accounts.',
    options: dataDir,
    run: (call) => ask(call, 'user list'),
  },
  {
    name: 'user reset-password',
    summary: 'Set a new password and end every session of that account.',
    options: { email: { value: 'EMAIL', help: 'Address of the account.', isRequired: true }, ...password, ...dataDir },
    details: 'On a terminal it asks for the new password when none is given.',
    run: async (call) => {
      const { configFor, dataDirOnly } = await import('./main-tools.ts');
      const { requireDataDir } = await import('./platform/data-dir.ts');
      requireDataDir((await configFor(dataDirOnly(call))).dataDir);
      await ask(await withPassword(call), 'user reset-password');
    },
  },
  {
    name: 'token add',
    summary: 'Make an access token for a program; prints the token alone.',
    options: {
      email: { value: 'EMAIL', help: 'Whose token it is.', isRequired: true },
      name: { value: 'NAME', help: 'What it is for.', isRequired: true },
      scope: { value: 'SCOPE', help: 'read, write or admin.', isRequired: true },
      days: { value: 'DAYS', help: 'How long it is good for; for ever when absent.' },
      ...dataDir,
    },
    run: (call) => ask(call, 'token add'),
  },
  {
    name: 'import',
    summary: 'Store the readings of a CSV or NDJSON file in a source.',
    argument: { name: 'FILE', help: 'The file, or - for standard input.', isRequired: true },
    options: { source: sourceOption, format: formatOption, ...dataDir },
    details:
      'CSV has a header with "timestamp" and names of the catalogue; NDJSON has one object a line. Times without a zone are\nthe source\'s local time. The good part is stored; what is not is named with its line.',
    run: async (call) => (await import('./main-files.ts')).importFile(call),
  },
  {
    name: 'export',
    summary: 'Write the readings of a source as CSV or NDJSON.',
    argument: { name: 'FILE', help: 'Where to; standard output when absent.', isRequired: false },
    options: {
      source: sourceOption,
      format: formatOption,
      from: { value: 'TIME', help: 'From this day or moment (ISO 8601).' },
      to: { value: 'TIME', help: 'Until before this moment.' },
      ...dataDir,
    },
    details: "Times without a zone are the source's local time, as days are; those in the file are in UTC, and say so.",
    run: async (call) => (await import('./main-files.ts')).exportFile(call),
  },
  {
    name: 'backtest',
    summary: 'Show how well production would have been forecast, day ahead, on recorded data.',
    options: {
      power: {
        value: 'CSV',
        help: 'Columns time,power_w: start of the interval (UTC) and its mean power.',
        isRequired: true,
      },
      weather: {
        value: 'CSV',
        help: "Column time and any of Open-Meteo's hourly columns; without it, memory and the sun.",
      },
      site: {
        value: 'JSON',
        help: 'latitude, longitude, timezone, installedCapacityW, and if known arrays and altitudeM.',
        isRequired: true,
      },
      quantiles: { value: 'LIST', help: 'Which odds to score; 0.1,0.5,0.9 when absent.' },
      'test-months': { value: 'N', help: 'How many of the last calendar months to forecast; 3 when absent.' },
      json: { value: 'FILE', help: 'Write the result there too.' },
    },
    details:
      "Trains at the start of each month on what was before, and forecasts every UTC day from that day's weather and the\npower up to its start. Prints JSON: errors in W over all intervals, coverage and width of p10 to p90 in daylight.\nAzimuth is from north, clockwise. What had to be set right in the files is told on standard error.",
    run: async (call) => (await import('./main-backtest.ts')).backtest(call),
  },
  {
    name: 'backup',
    summary: 'Copy everything into one file, also while the appliance runs.',
    argument: { name: 'FILE', help: 'Where to; ampra-<date>-<time>.tar here when absent.', isRequired: false },
    options: {
      force: { help: 'Replace the file if it is there.' },
      sealed: { help: 'Put it under a passphrase, which is asked for.' },
      'passphrase-stdin': passphraseStdin,
      ...dataDir,
    },
    details: 'The backup is restored on trial, one database at a time, and compared with what was copied.',
    run: async (call) => (await import('./main-backups.ts')).backUp(call),
  },
  {
    name: 'verify',
    summary: 'Read a backup from end to end and restore it on trial.',
    argument: { name: 'FILE', help: 'The backup.', isRequired: true },
    options: { 'passphrase-stdin': passphraseStdin, progress: progressLines, ...dataDir },
    run: async (call) => (await import('./main-backups.ts')).verify(call),
  },
  {
    name: 'restore',
    summary: 'Put a backup in place; the appliance must not run.',
    argument: { name: 'FILE', help: 'The backup.', isRequired: true },
    options: {
      force: { help: 'Also when the data directory is not empty: what is there is moved aside.' },
      only: { value: 'PART', help: 'telemetry, accounts or broker: that database alone; the rest stays.' },
      prepare: { help: 'Only prepare it, also while the appliance runs: its next start puts it in place.' },
      'with-config': {
        help: 'Put its ampra.config.ts in force too: it is a program, so only from a backup of your own.',
      },
      'passphrase-stdin': passphraseStdin,
      progress: progressLines,
      ...dataDir,
    },
    details: 'The backup is checked before anything is touched. A power cut in the middle leaves the old or the new.',
    run: async (call) => (await import('./main-backups.ts')).restore(call),
  },
  {
    name: 'doctor',
    summary: 'Look whether everything is well, and say what to do when it is not.',
    options: {
      ready: { help: 'Only whether the running appliance is ready; for health checks.' },
      rebook: {
        help: 'Work out energy and charts of all sources anew from their readings, when they do not agree with them.',
      },
      ...dataDir,
    },
    details: 'Some days of each source are worked out anew from its readings and compared with its energy and charts.',
    run: async (call) => (await import('./main-files.ts')).doctor(call),
  },
  {
    name: 'version',
    summary: 'Print the version.',
    options: {},
    run: ({ terminal }) => terminal.out(`ampra ${version}\n`),
  },
];

/** Runs an operation with the command's options as its arguments. */
export async function ask(call: CommandCall, name: string, options: { mayCreate?: boolean } = {}): Promise<void> {
  const { configFor, dataDirOnly, ioOf, perform } = await import('./main-tools.ts');
  const { 'data-dir': _folder, ...args } = call.options;
  const config = await configFor(dataDirOnly(call));
  await perform({ config, name, args, io: ioOf(call.terminal), ...options });
}

/** The password from where the options say, one line without its end; else the person at the terminal is asked. */
async function withPassword(call: CommandCall): Promise<CommandCall> {
  const { 'password-stdin': isFromInput, ...options } = call.options;
  if (isFromInput && options.password !== undefined)
    throw new UsageError('Give either --password or --password-stdin.');
  if (!isFromInput && options.password === undefined)
    return { ...call, options: { ...options, password: await askPassword(call.terminal) } };
  if (!isFromInput) return call;
  const chunks = await Array.fromAsync(call.terminal.input);
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split(/\r?\n/);
  return { ...call, options: { ...options, password: line } };
}

/** Twice, so that a slip of the finger locks nobody out. */
async function askPassword({ askHidden, error }: Terminal): Promise<string> {
  if (!askHidden)
    throw new UsageError(
      'Missing: the password. Send it on standard input with --password-stdin, or give --password PASSWORD; on a terminal you are asked for it.',
    );
  for (let tries = 0; tries < 3; tries++) {
    const typed = await askHidden('New password:');
    if (typed === (await askHidden('The same again:'))) return typed;
    error('The two are not the same. Try again.');
  }
  throw new UsageError('The two were never the same, so nothing was changed.');
}
