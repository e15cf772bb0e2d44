import { AmpraError } from '../core/result.ts';

/** How hard a hash is: memory in KiB and passes. */
export interface HashCost {
  memoryKib: number;
  passes: number;
}

/**
 * argon2id with 19 MiB and 2 passes, the first choice of OWASP's Password Storage Cheat Sheet. More memory would be
 * stronger, but a Pi 4 with 2 GB also holds the telemetry.
 */
export const defaultHashCost: HashCost = { memoryKib: 19_456, passes: 2 };
/** Each hash takes a core and its memory for as long as it runs. */
const atOnce = 2;
const mostWaiting = 40;

/** Password hashes by Bun's argon2id, few at once, so that a storm of sign-ins does not starve the house. */
export class ArgonPasswords {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private dummy: Promise<string> | null = null;
  constructor(private readonly cost: HashCost = defaultHashCost) {}

  /** PHC string, salt included. */
  hash(password: string): Promise<string> {
    return this.inTurn(() => this.argon(password));
  }

  /** With `hash` null it compares with a hash that nobody's password has: the same work, and false. */
  async verify(password: string, hash: string | null): Promise<boolean> {
    this.dummy ??= this.argon(crypto.randomUUID());
    const against = hash ?? (await this.dummy);
    const isRight = await this.inTurn(() => Bun.password.verify(password, against));
    return isRight && hash !== null;
  }

  /** True if the hash was made with other parameters than today's. */
  isOutdated(hash: string): boolean {
    return !hash.startsWith(`$argon2id$v=19$m=${this.cost.memoryKib},t=${this.cost.passes},`);
  }

  private argon(password: string): Promise<string> {
    const { memoryKib, passes } = this.cost;
    return Bun.password.hash(password, { algorithm: 'argon2id', memoryCost: memoryKib, timeCost: passes });
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= atOnce) {
      if (this.waiting.length >= mostWaiting)
        throw new AmpraError({
          code: 'unavailable',
          message: 'Too many people sign in right now. Try again in a moment.',
          retryAfterS: 5,
        });
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }
}
