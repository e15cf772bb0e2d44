import { type App, createApp } from './app.ts';
import { operations } from './app-operations.ts';
import { diskTrouble } from './core/disk-trouble.ts';
import { seconds } from './core/durations.ts';
import type { Log } from './core/log.ts';
import type { Terminal } from './platform/cli.ts';
import type { Config } from './platform/config.ts';
import { ControlSocket } from './platform/control-socket.ts';
import { lanAddress } from './platform/lan-address.ts';
import { createLog, type LogSink, standardError, streamSink } from './platform/log.ts';
import { type ServiceManager, serviceManager } from './platform/sd-notify.ts';

/** An orderly stop takes no longer; what is not done by then is taken up again at the next start. */
const STOP_MS = seconds(4.5);

export interface ServeOptions {
  config: Config;
  terminal: Terminal;
  /** Runs once everything is up: the demo fills the house and starts its devices. What it gives back runs before the stop. */
  onReady?: (app: App) => Promise<() => Promise<void>>;
}

/**
 * Serves until SIGTERM or SIGINT. An orderly stop resolves; a second signal ends the process at once.
 * A promise that nobody handled is a bug of one part: it is logged and the others go on. An exception that nobody caught
 * leaves the process in an unknown state: it stops in order with exit code 1, and the service manager starts it again.
 */
export async function serve({ config, terminal, onReady }: ServeOptions): Promise<void> {
  const format = config.logFormat === 'auto' ? (terminal.isInteractive ? 'text' : 'json') : config.logFormat;
  const sinks = [streamSink(standardError(), format)];
  const log = createLog({ level: config.logLevel, sinks });
  const manager = await serviceManager(terminal.env);
  const stopRequest = waitForSignal(log);
  let failure: unknown = null;
  // The running appliance's own log, so that the System page shows it too.
  let current: App | null = null;
  const said = () => current?.log ?? log;
  process.on('unhandledRejection', (error) =>
    said().error('a promise failed and nobody looked', { error, stack: stackOf(error) }),
  );
  process.on('uncaughtException', (error) => {
    // What a full or failing disk refuses leaves the process as it was: it goes on, and so does what needs no disk.
    if (diskTrouble(error) !== null) {
      said().error('the disk did not take a change', { error, stack: stackOf(error) });
      return;
    }
    said().error('an exception was not caught: stopping', { error, stack: stackOf(error) });
    failure ??= error;
    stopRequest.ask();
  });
  const onApp = (app: App) => {
    current = app;
  };
  do await serveOnce({ config, terminal, sinks, manager, stopRequest, onApp, ...(onReady ? { onReady } : {}) });
  while (!stopRequest.isAsked());
  if (failure) throw failure;
}

interface Serving extends ServeOptions {
  sinks: LogSink[];
  manager: ServiceManager | null;
  stopRequest: ReturnType<typeof waitForSignal>;
  onApp(app: App): void;
}

/** From a start to a stop, which a signal or a restore asks for. */
async function serveOnce(serving: Serving): Promise<void> {
  const { config, terminal, onReady, sinks, manager, stopRequest } = serving;
  const began = performance.now();
  const restart = Promise.withResolvers<void>();
  const app = createApp({ config, logSinks: sinks, onRestart: restart.resolve });
  serving.onApp(app);
  const control = new ControlSocket({ dataDir: config.dataDir, find: (name) => operations(app).get(name) });
  await app.start();
  control.start();
  if (!onReady) await greet({ app, config, terminal, startMs: performance.now() - began });
  const watchdog = tellManager(manager, app);
  const onStop = onReady && !stopRequest.isAsked() ? await onReady(app) : null;

  await Promise.race([stopRequest.asked, restart.promise]);
  if (stopRequest.isAsked()) manager?.notify('STOPPING=1');
  else app.log.info('starting anew', {});
  await onStop?.();
  await stopInTime(app, control);
  if (watchdog) clearInterval(watchdog);
}

async function greet(of: { app: App; config: Config; terminal: Terminal; startMs: number }): Promise<void> {
  const { app, config, terminal, startMs } = of;
  const broken = app.health().filter((p) => p.state === 'broken');
  app.log.info(broken.length === 0 ? 'ready' : 'started with broken parts', {
    url: app.url,
    startMs: Math.round(startMs),
    ...(broken.length > 0 ? { broken: broken.map((p) => p.part) } : {}),
  });
  const lines = [`Ampra is at ${addressesOf(app, config.httpHost).join(' and ')}`];
  const code = broken.some((p) => p.part === 'relational database') ? null : app.features.accounts.setUpCode();
  if (code) lines.push(`Open it to set up your house. From another machine it asks for this code: ${code}`);
  const rescue = app.rescueCode();
  if (rescue) lines.push(`The page offers the newest backup. From another machine it asks for this code: ${rescue}`);
  lines.push(...broken.map((p) => `Broken: ${p.part}. ${p.message ?? ''}`));
  await terminal.out(`${lines.join('\n')}\n`);
}

/** This machine's own address, and the one that other devices of the house use. */
function addressesOf(app: App, host: string): string[] {
  if (!app.url) return [];
  const lan = lanAddress(host);
  const url = new URL(app.url);
  if (!lan || lan === url.hostname) return [url.origin];
  return [url.origin, `${url.protocol}//${lan}:${url.port}`];
}

/** READY=1 also with broken parts: the pages are up and say so, and a restart would mend nothing. */
function tellManager(manager: ServiceManager | null, app: App): ReturnType<typeof setInterval> | null {
  if (!manager) return null;
  const broken = app.health().filter((p) => p.state === 'broken');
  const status = broken.length === 0 ? 'Serving' : `Serving; broken: ${broken.map((p) => p.part).join(', ')}`;
  manager.notify(`READY=1\nSTATUS=${status}`);
  return manager.watchdogMs === null ? null : setInterval(() => manager.notify('WATCHDOG=1'), manager.watchdogMs);
}

async function stopInTime(app: App, control: ControlSocket): Promise<void> {
  const late = setTimeout(() => {
    app.log.error('the stop took too long; what is left is taken up again at the next start');
    process.exit(1);
  }, STOP_MS);
  const began = performance.now();
  await control.stop();
  await app.stop();
  clearTimeout(late);
  app.log.info('stopped', { stopMs: Math.round(performance.now() - began) });
}

function waitForSignal(log: Log): { asked: Promise<void>; ask(): void; isAsked(): boolean } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isAsked = false;
  const ask = () => {
    isAsked = true;
    resolve();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isAsked) process.exit(130);
      log.info('stopping', { signal });
      ask();
    });
  }
  // A closed terminal ends what ran on it; a service has none.
  process.on('SIGHUP', ask);
  return { asked: promise, ask, isAsked: () => isAsked };
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
