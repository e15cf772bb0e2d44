import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';

const BINARY = [Bun.which('mosquitto'), '/usr/sbin/mosquitto'].find((path) => path && existsSync(path)) ?? null;

/** False where the Debian package `mosquitto` is not installed. */
export const hasMosquitto = BINARY !== null;
/** The name of a group of tests that need it; says why it is skipped. */
export const withMosquitto = (name: string): string =>
  hasMosquitto ? name : `${name} (skipped: mosquitto is not installed; apt-get install mosquitto)`;

export interface MosquittoOptions {
  /** Nobody else gets in. */
  login?: { user: string; password: string };
  /** PEM; it then speaks TLS only. */
  tls?: { cert: string; key: string };
  /** Lines of mosquitto.conf. */
  more?: string[];
}

/** A real Mosquitto on loopback and a free port, with a folder of its own. */
export class Mosquitto implements AsyncDisposable {
  private readonly dir = mkdtempSync(join(tmpdir(), 'ampra-mosquitto-'));
  private child: Bun.Subprocess | null = null;
  port = 0;

  constructor(private readonly options: MosquittoOptions = {}) {}

  /** Starts it; the second time on the same port. */
  async start(): Promise<this> {
    if (BINARY === null) throw new Error('mosquitto is not installed');
    this.port ||= (await freePorts(1))[0] ?? 0;
    const path = join(this.dir, 'mosquitto.conf');
    writeFileSync(path, `${this.lines().join('\n')}\n`);
    this.child = Bun.spawn([BINARY, '-c', path], { stdout: 'ignore', stderr: 'ignore' });
    for (let i = 0; i < 200; i++) {
      if (await isListening(this.port)) return this;
      await Bun.sleep(20);
    }
    throw new Error('mosquitto did not start');
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.child?.exited;
    this.child = null;
  }

  /** Stops it without ending it: it holds its lines and answers nothing. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private lines(): string[] {
    const { login, tls, more = [] } = this.options;
    const lines = [`listener ${this.port} 127.0.0.1`, `allow_anonymous ${login ? 'false' : 'true'}`, 'user root'];
    if (login) {
      const file = join(this.dir, 'passwords');
      const { exitCode } = Bun.spawnSync(['mosquitto_passwd', '-c', '-b', file, login.user, login.password]);
      if (exitCode !== 0) throw new Error('mosquitto_passwd failed');
      lines.push(`password_file ${file}`);
    }
    if (tls) {
      writeFileSync(join(this.dir, 'server.pem'), tls.cert);
      writeFileSync(join(this.dir, 'server.key'), tls.key, { mode: 0o600 });
      lines.push(`certfile ${join(this.dir, 'server.pem')}`, `keyfile ${join(this.dir, 'server.key')}`);
    }
    return [...lines, 'persistence false', ...more];
  }
}

async function isListening(port: number): Promise<boolean> {
  try {
    const socket = await Bun.connect({ hostname: '127.0.0.1', port, socket: { data: () => undefined } });
    socket.end();
    return true;
  } catch {
    return false;
  }
}
