import { homedir } from 'node:os';
import { join } from 'node:path';
import type { App } from './app.ts';
import { systemClock } from './core/clock.ts';
import { createDemo } from './demo/feature.ts';
import { serveSimulatedWeather } from './demo/weather.http.ts';
import { serve } from './main-serve.ts';
import { configFor } from './main-tools.ts';
import type { CommandCall } from './platform/cli.ts';
import type { Config } from './platform/config.ts';
import { isExecutable } from './platform/runtime.ts';

/** `ampra demo`: a house with two years of history and devices at work, in a data directory of its own. */
export async function runDemo(call: CommandCall): Promise<void> {
  const { terminal } = call;
  const config = withFreePorts(await demoConfig(call));
  // The demo asks nobody outside: its weather comes from this machine.
  const weather = serveSimulatedWeather(systemClock);
  await serve({
    config: { ...config, logLevel: 'warn', weather: 'on', weatherUrl: weather.url, weatherArchiveUrl: '' },
    terminal,
    onReady: async (app) => {
      const demo = createDemo(app);
      const began = performance.now();
      const login = await demo.prepare((share) =>
        terminal.progress({ text: 'Writing two years of history', done: Math.round(share * 100), total: 100 }),
      );
      await demo.start();
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      await terminal.out(welcome(app, login, seconds));
      return () => demo.stop();
    },
  });
  weather.stop();
}

/** The demo's own folder, unless one was named: never the one of a real house. */
async function demoConfig(call: CommandCall): Promise<Config> {
  const folder = isExecutable ? join(homedir(), '.ampra-demo') : join(call.terminal.cwd, 'demo-data');
  const named = call.options['data-dir'] ?? call.terminal.env.AMPRA_DATA_DIR ?? folder;
  return configFor({ ...call, options: { ...call.options, 'data-dir': named } });
}

type Ports = Pick<Config, 'httpPort' | 'httpHost' | 'mqttPort' | 'mqttHost'>;

/** A demo beside a real Ampra (or a Mosquitto) takes the next ports that are free. */
export function withFreePorts<C extends Ports>(config: C): C {
  const httpPort = freePortFrom(config.httpPort, config.httpHost);
  const mqttPort = freePortFrom(config.mqttPort, config.mqttHost, httpPort);
  return { ...config, httpPort, mqttPort };
}

function freePortFrom(wanted: number, hostname: string, promised?: number): number {
  for (let port = wanted; wanted > 0 && port < wanted + 20; port++) {
    // Nobody listens there yet, so that it looks free.
    if (port === promised) continue;
    try {
      Bun.listen({ hostname, port, socket: { data() {} } }).stop(true);
      return port;
    } catch {
      // Taken: the next one.
    }
  }
  return wanted;
}

function welcome(app: App, login: { email: string; password: string }, seconds: string): string {
  const mqtt = `mqtt://127.0.0.1:${app.features.broker.ports().tcp}`;
  return [
    '',
    `Two years of history are in and the devices are publishing (${seconds} s).`,
    '',
    `  Open     ${app.url}`,
    `  E-mail   ${login.email}`,
    `  Password ${login.password}`,
    '',
    `  MQTT     ${mqtt}`,
    '  Stop     Ctrl+C',
    '',
    '',
  ].join('\n');
}
