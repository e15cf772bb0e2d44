import { type CliOption, type Command, type CommandCall, UsageError } from './platform/cli.ts';
import { kebab, settings } from './platform/config.ts';
import { version } from './platform/runtime.ts';

/**
 * Every command of `ampra`: its name, what it is for, its options, what it does. The heavy parts are loaded by the
 * command that needs them, so that `version` answers at once.
 */
const dataDir: Record<string, CliOption> = {
  'data-dir': { value: 'FOLDER', help: settings.dataDir.help },
};

const password: Record<string, CliOption> = {
  password: { value: 'PASSWORD', help: 'The password; others on this machine can see it while the command runs.' },
  'password-stdin': { help: 'Read the password from standard input.' },
};

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
    summary: 'Show a house with a year of history and live devices.',
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
    run: async (call) => ask(await withPassword(call), 'user add'),
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
    run: async (call) => ask(await withPassword(call), 'user reset-password'),
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
    name: 'version',
    summary: 'Print the version.',
    options: {},
    run: ({ terminal }) => terminal.out(`ampra ${version}\n`),
  },
];

/** Runs an operation with the command's options as its arguments. */
export async function ask(call: CommandCall, name: string): Promise<void> {
  const { configFor, ioOf, perform } = await import('./main-tools.ts');
  const { 'data-dir': folder, ...args } = call.options;
  const config = await configFor({ ...call, options: folder === undefined ? {} : { 'data-dir': folder } });
  await perform({ config, name, args, io: ioOf(call.terminal) });
}

/** The password from where the options say; one line, without its end. */
async function withPassword(call: CommandCall): Promise<CommandCall> {
  const { 'password-stdin': isFromInput, ...options } = call.options;
  if (isFromInput && options.password !== undefined)
    throw new UsageError('Give either --password or --password-stdin.');
  if (!isFromInput && options.password === undefined)
    throw new UsageError('Missing: --password PASSWORD or --password-stdin.');
  if (!isFromInput) return call;
  const chunks = await Array.fromAsync(call.terminal.input);
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split(/\r?\n/);
  return { ...call, options: { ...options, password: line } };
}
