import type { CliOption, Command, CommandCall } from './platform/cli.ts';
import { kebab, settings } from './platform/config.ts';
import { version } from './platform/runtime.ts';

/**
 * Every command of `ampra`: its name, what it is for, its options, what it does. The heavy parts are loaded by the
 * command that needs them, so that `version` answers at once.
 */
const dataDir: Record<string, CliOption> = {
  'data-dir': { value: 'FOLDER', help: settings.dataDir.help },
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
