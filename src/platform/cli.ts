import { parseArgs } from 'node:util';
import { AmpraError } from '../core/result.ts';
import type { Progress } from './control-frames.ts';

export interface CliOption {
  /** Placeholder of the value (`EMAIL`); absent for a switch. */
  value?: string;
  help: string;
  isRequired?: boolean;
}

export interface Command {
  /** `serve`, `user add`. */
  name: string;
  /** One line, shown in the list. */
  summary: string;
  options: Record<string, CliOption>;
  /** Name of the one plain argument, if it takes one. */
  argument?: { name: string; help: string; isRequired: boolean };
  /** Examples and remarks, shown by `--help`. */
  details?: string;
  run(call: CommandCall): Promise<void>;
}

export interface CommandCall {
  /** Options by their name as written (`data-dir`); switches are true or absent. */
  options: Readonly<Record<string, string | true | undefined>>;
  argument: string | undefined;
  terminal: Terminal;
}

/** Where a command reads and writes; tests put their own in. */
export interface Terminal {
  out(text: string | Uint8Array): Promise<void>;
  error(text: string): void;
  progress(progress: Progress): void;
  readonly input: AsyncIterable<Uint8Array>;
  readonly isInteractive: boolean;
  /** Asks for something that is not shown while it is typed; null where nobody can be asked. */
  readonly askHidden: ((question: string) => Promise<string>) | null;
  readonly env: Record<string, string | undefined>;
  readonly cwd: string;
}

/** Finds the command, reads its options, runs it. Gives the exit code: 0 done, 1 refused or failed, 2 not understood. */
export async function runCli(
  args: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
): Promise<number> {
  const [first = '', second = ''] = args;
  if (args.length === 0 || first === '--help' || first === '-h' || first === 'help') {
    await terminal.out(overview(commands));
    return args.length === 0 ? 2 : 0;
  }
  const wanted = first === '--version' ? 'version' : first;
  const command = commands.find((c) => c.name === `${wanted} ${second}`) ?? commands.find((c) => c.name === wanted);
  const family = commands.filter((c) => c.name.startsWith(`${wanted} `));
  if (!command && family.length > 0 && ['--help', '-h', 'help'].includes(second)) {
    await terminal.out(familyHelp(wanted, family));
    return 0;
  }
  if (!command) return notUnderstood(terminal, unknownCommand(first, second, commands));
  const rest = args.slice(command.name.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) {
    await terminal.out(helpOf(command));
    return 0;
  }
  const read = readOptions(command, rest);
  if (typeof read === 'string') return notUnderstood(terminal, `${read} See: ampra ${command.name} --help`);
  try {
    await command.run({ ...read, terminal });
    return 0;
  } catch (error) {
    terminal.error(describe(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

/** What was typed cannot be carried out as it stands (exit code 2). */
export class UsageError extends Error {}

function readOptions(command: Command, args: string[]): Pick<CommandCall, 'options' | 'argument'> | string {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, o]) => [name, { type: o.value ? 'string' : 'boolean' } as const]),
  );
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
    const missing = Object.entries(command.options).filter(([name, o]) => o.isRequired && values[name] === undefined);
    if (missing.length > 0)
      return `Missing: ${missing.map(([name, o]) => `--${name} ${o.value ?? ''}`.trim()).join(', ')}.`;
    const most = command.argument ? 1 : 0;
    if (positionals.length > most) return `"${positionals[most]}" is one argument too many.`;
    if (command.argument?.isRequired && positionals.length === 0) return `Missing: ${command.argument.name}.`;
    return { options: values as CommandCall['options'], argument: positionals[0] };
  } catch (error) {
    return `${(error as Error).message.split('. ')[0]}.`;
  }
}

function unknownCommand(first: string, second: string, commands: readonly Command[]): string {
  const family = commands.filter((c) => c.name.startsWith(`${first} `)).map((c) => c.name);
  if (family.length > 0)
    return `"${[first, second].filter(Boolean).join(' ')}" is not a command; there are: ${family.join(', ')}.`;
  return `"${first}" is not a command. See: ampra --help`;
}

function notUnderstood(terminal: Terminal, message: string): number {
  terminal.error(message);
  return 2;
}

function describe(error: unknown): string {
  if (error instanceof AmpraError) {
    const { message, hint, field, fields = [] } = error.refusal;
    if (fields.length > 1) return `${fields.map((f) => `${f.field}: ${f.message}`).join(' ')}${hint ? ` ${hint}` : ''}`;
    return `${field && !message.includes(field) ? `${field}: ` : ''}${message}${hint ? ` ${hint}` : ''}`;
  }
  return error instanceof Error ? error.message : String(error);
}

function overview(commands: readonly Command[]): string {
  return `Ampra, the energy computer next to your inverter.\n\nUsage: ampra COMMAND [OPTIONS]\n\n${listOf(commands)}\n\nMore about one: ampra COMMAND --help\n`;
}

function familyHelp(name: string, family: readonly Command[]): string {
  return `Usage: ampra ${name} COMMAND [OPTIONS]\n\n${listOf(family)}\n\nMore about one: ampra ${family[0]?.name} --help\n`;
}

function listOf(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((c) => c.name.length));
  return commands.map((c) => `  ${c.name.padEnd(width)}  ${c.summary}`).join('\n');
}

function helpOf(command: Command): string {
  const names = Object.entries(command.options).map(([name, o]) => ({
    left: `--${name}${o.value ? ` ${o.value}` : ''}`,
    o,
  }));
  const width = Math.min(34, Math.max(0, ...names.map((n) => n.left.length)));
  const lines = names.map(({ left, o }) => `  ${left.padEnd(width)}  ${o.help}${o.isRequired ? ' Required.' : ''}`);
  const argument = command.argument;
  const usage = argument ? ` ${argument.isRequired ? argument.name : `[${argument.name}]`}` : '';
  const blocks = [
    command.summary,
    `Usage: ampra ${command.name}${usage}${names.length > 0 ? ' [OPTIONS]' : ''}`,
    argument ? `  ${argument.name}  ${argument.help}` : '',
    lines.join('\n'),
    command.details ?? '',
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}
