import type { Clock } from '../core/clock.ts';
import { hasPassed, seconds } from '../core/durations.ts';
import { isId, newSecretHex } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import { addressKey } from '../core/rate-limit.ts';
import type { RefusalCode } from '../core/result.ts';
import type { Admitted } from './admitted.ts';
import type { ConnectPacket } from './aedes-internals.ts';
import type { BrokerCounters } from './counters.ts';
import type { BrokerLimits } from './limits.ts';
import { LoginGuard } from './login-guard.ts';
import type { BrokerPolicy, Principal } from './ports.ts';
import { Reason } from './reason-codes.ts';
import { spaceOf } from './spaces.ts';

export interface AdmissionOptions {
  policy: BrokerPolicy;
  limits: BrokerLimits;
  clock: Clock;
  log: Log;
  counters: BrokerCounters;
}

export type Decision = Admitted | { ok: false; reasonCode: number; reason: string };

const MAX_CLIENT_ID = 256;
const WARN_EVERY_MS = seconds(5);
/** Connections that may be refused politely beyond the most that are served. */
const SPARE = 32;

/** Decides who may connect. */
export class Admission {
  private readonly guard: LoginGuard;
  private warnedAt = 0;

  constructor(private readonly options: AdmissionOptions) {
    this.guard = new LoginGuard(options.clock);
  }

  /** False for connections that are not even listened to: too many in all, or from one address. */
  mayOpen(links: Iterable<{ transport: { address: string } }>, address: string): boolean {
    const { maxClients } = this.options.limits;
    const key = addressKey(address);
    let total = 0;
    let same = 0;
    for (const link of links) {
      total++;
      if (addressKey(link.transport.address) === key) same++;
    }
    const isLoopback = key === '127.0.0.1' || address === '::1';
    const most = isLoopback ? maxClients + SPARE : Math.max(16, Math.floor(maxClients / 2));
    if (total < maxClients + SPARE && same < most) return true;
    this.warn('too many MQTT connections: one was turned away', { address });
    return false;
  }

  async decide(packet: ConnectPacket, from: { address: string; connected: number }): Promise<Decision> {
    const problem = this.problemOf(packet, from.connected);
    if (problem) return problem;
    const username = packet.username;
    if (!this.guard.mayTry(from.address, username ?? '')) {
      const reasonCode = packet.protocolVersion === 5 ? Reason.connectionRate : Reason.unavailable;
      return refusal(reasonCode, 'too many failed logins, try again in a minute');
    }
    const clientId = packet.clientId || `auto-${newSecretHex(8)}`;
    const password = packet.password?.toString('utf8');
    const result = await this.ask({ username, password, clientId, address: from.address });
    if ('reasonCode' in result) {
      if (result.reasonCode === Reason.unavailable) this.guard.succeeded(from.address, username ?? '');
      else this.options.counters.failedLogins++;
      this.warn('an MQTT login failed', {
        address: from.address,
        username: shownName(username ?? ''),
        reason: result.reason,
      });
      return result;
    }
    this.guard.succeeded(from.address, username ?? '');
    return this.admit(packet, result.principal, clientId);
  }

  private problemOf(packet: ConnectPacket, connected: number): Decision | null {
    const { limits } = this.options;
    if (connected >= limits.maxClients) {
      this.warn('too many MQTT clients: one was turned away', { most: limits.maxClients });
      return refusal(Reason.quotaExceeded, `at most ${limits.maxClients} clients`);
    }
    if (packet.clientId.length > MAX_CLIENT_ID)
      return refusal(Reason.clientIdInvalid, `a client id has at most ${MAX_CLIENT_ID} characters`);
    if (packet.clientId === '' && packet.protocolVersion < 5 && !packet.clean)
      return refusal(Reason.clientIdInvalid, 'a session that is kept needs a client id');
    return null;
  }

  private async ask(credentials: Parameters<BrokerPolicy['authenticate']>[0]) {
    try {
      const result = await this.options.policy.authenticate(credentials);
      if (result.ok) return { principal: result.value };
      return refusal(codeOf(result.error.code), result.error.message);
    } catch (error) {
      this.options.log.error('an MQTT login could not be checked', { error });
      return refusal(Reason.unavailable, 'the login could not be checked');
    }
  }

  private admit(packet: ConnectPacket, principal: Principal, clientId: string): Decision {
    const { policy, limits } = this.options;
    const { will } = packet;
    if (will && isDropped(principal, will.topic)) delete packet.will;
    else if (will && !policy.mayPublish(principal, will.topic))
      return refusal(Reason.notAuthorized, `may not leave a will at ${will.topic}`);
    let serverKeepAliveS = 0;
    if (packet.protocolVersion === 5 && (packet.keepalive === 0 || packet.keepalive > limits.keepAliveS)) {
      serverKeepAliveS = limits.keepAliveS;
      packet.keepalive = serverKeepAliveS;
    }
    return {
      ok: true,
      principal,
      space: spaceOf(principal),
      clientId,
      sessionId: `${nameSpace(principal)}:${clientId}`,
      isIdAssigned: packet.clientId === '',
      serverKeepAliveS,
    };
  }

  private warn(message: string, fields: Record<string, unknown>): void {
    const now = this.options.clock.now();
    if (!hasPassed(this.warnedAt, WARN_EVERY_MS, now)) return;
    this.warnedAt = now;
    this.options.log.warn(message, fields);
  }
}

/** What was given as a user name, as far as it is one: people put keys and tokens into the wrong field. */
function shownName(username: string): string {
  return username === '' || username === 'token' || isId(username) ? username : '(no id of a source)';
}

/**
 * A will is dropped, as the message would be, where a client leaves one without being asked: bridges of Mosquitto under
 * `$SYS`, and Home Assistant at its own status, also when its token may only read.
 */
function isDropped(principal: Principal, topic: string): boolean {
  return topic.startsWith('$') || (principal.kind === 'token' && !principal.canWrite);
}

function nameSpace(principal: Principal): string {
  if (principal.kind === 'anonymous') return 'anonymous';
  const { ownerId } = principal;
  return principal.kind === 'source' ? `${ownerId}/source:${principal.sourceId}` : `${ownerId}/token`;
}

function refusal(reasonCode: number, reason: string): { ok: false; reasonCode: number; reason: string } {
  return { ok: false, reasonCode, reason };
}

function codeOf(code: RefusalCode): number {
  if (code === 'forbidden') return Reason.notAuthorized;
  if (code === 'unavailable') return Reason.unavailable;
  return code === 'rate_limited' ? Reason.connectionRate : Reason.badCredentials;
}
