import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { bookWords } from './admin/book-words.ts';
import { examine } from './admin/doctor.fs.ts';
import type { Finding } from './admin/finding.ts';
import type { Part } from './admin/system.ts';
import type { SourceBookCheck } from './app-book-operations.ts';
import { AmpraError } from './core/result.ts';
import { toFile } from './main-backups.ts';
import { configFor, dataDirOnly, ioOf, loadedFor, perform } from './main-tools.ts';
import { type CommandCall, UsageError } from './platform/cli.ts';
import type { Config } from './platform/config.ts';
import { callRunning } from './platform/control-socket.ts';
import { requireDataDir } from './platform/data-dir.ts';

/** The commands that work with files of the caller: import, export, doctor. */

export async function importFile(call: CommandCall): Promise<void> {
  const { 'data-dir': _folder, ...args } = call.options;
  const config = await configFor(dataDirOnly(call));
  const isStdin = call.argument === '-';
  const path = resolve(call.terminal.cwd, call.argument ?? '');
  if (!isStdin && !existsSync(path)) throw new UsageError(`There is no file ${path}.`);
  const bytes = isStdin ? undefined : statSync(path).size;
  const format = args.format ?? (/\.(ndjson|jsonl)$/i.test(path) ? 'ndjson' : 'csv');
  const input = isStdin ? call.terminal.input : Bun.file(path).stream();
  await perform({
    config,
    name: 'import',
    args: { ...args, format, ...(bytes === undefined ? {} : { bytes: String(bytes) }) },
    io: ioOf(call.terminal, input),
    hasInput: true,
  });
}

export async function exportFile(call: CommandCall): Promise<void> {
  const { 'data-dir': _folder, ...args } = call.options;
  const config = await configFor(dataDirOnly(call));
  requireDataDir(config.dataDir);
  const format = args.format ?? (/\.(ndjson|jsonl)$/i.test(call.argument ?? '') ? 'ndjson' : 'csv');
  const run = (write: (output: string | Uint8Array) => Promise<void>) =>
    perform({ config, name: 'export', args: { ...args, format }, io: { ...ioOf(call.terminal), write } });
  if (call.argument === undefined || call.argument === '-') await run((output) => call.terminal.out(output));
  else await toFile(resolve(call.terminal.cwd, call.argument), run);
}

export async function doctor(call: CommandCall): Promise<void> {
  const { config, file } = await loadedFor(dataDirOnly(call));
  requireDataDir(config.dataDir);
  const running = await runningParts(config.dataDir, call);
  if (call.options.ready) {
    const wrong = running?.filter((p) => p.state !== 'ok');
    if (wrong?.length === 0) return;
    const why = wrong ? `Not ready: ${wrong.map((p) => p.part).join(', ')}.` : 'Ampra does not run.';
    throw new AmpraError({ code: 'unavailable', message: why });
  }
  if (call.options.rebook) {
    await perform({ config, name: 'books rebook', args: {}, io: ioOf(call.terminal) });
    return;
  }
  const findings = await examine({ config, configFile: file, running });
  // What is damaged is left as it is.
  if (findings.every((f) => f.state !== 'bad')) findings.push(...(await bookFindings(config, call)));
  const width = Math.max(...findings.map((f) => f.what.length));
  const words: Record<Finding['state'], string> = { good: 'ok  ', warn: 'note', bad: 'BAD ' };
  for (const f of findings) await call.terminal.out(`${words[f.state]}  ${f.what.padEnd(width)}  ${f.text}\n`);
  const count = findings.filter((f) => f.state === 'bad').length;
  if (count > 0) throw new AmpraError({ code: 'unavailable', message: `${count} of ${findings.length} need a hand.` });
}

/** Some days of each source worked out anew and compared. */
async function bookFindings(config: Config, call: CommandCall): Promise<Finding[]> {
  let json = '';
  const write = async (output: string | Uint8Array) => {
    json += typeof output === 'string' ? output : new TextDecoder().decode(output);
  };
  try {
    await perform({ config, name: 'books check', args: {}, io: { ...ioOf(call.terminal), write } });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ what: 'figures', state: 'warn', text: `could not be compared: ${why}` }];
  }
  return bookWords(JSON.parse(json) as SourceBookCheck[]);
}

async function runningParts(dataDir: string, call: CommandCall): Promise<Part[] | null> {
  let json = '';
  const write = async (output: string | Uint8Array) => {
    json += typeof output === 'string' ? output : new TextDecoder().decode(output);
  };
  const io = { ...ioOf(call.terminal), write };
  return (await callRunning(dataDir, { name: 'health', args: {}, io, hasInput: false }))
    ? (JSON.parse(json) as Part[])
    : null;
}
