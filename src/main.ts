import { commands } from './main-commands.ts';
import { runCli } from './platform/cli.ts';
import { processTerminal } from './platform/terminal.ts';

/** The process: arguments in, exit code out. What the commands do is in `main-commands.ts`, the appliance in `app.ts`. */
const code = await runCli(process.argv.slice(2), commands, processTerminal());
process.exit(code);
