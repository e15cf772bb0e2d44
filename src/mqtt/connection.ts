import type { AedesClient } from './aedes-internals.ts';
import type { Control } from './control.ts';
import { PacketType } from './decode.ts';
import { decodeConnect } from './decode-connect.ts';
import { FrameSplitter } from './frames.ts';
import type { Intake } from './intake.ts';
import type { BrokerLimits, Usage } from './limits.ts';
import type { Link } from './link.ts';
import { Reason } from './reason-codes.ts';
import type { TalkShare } from './talk-share.ts';
import { Turn } from './turn.ts';
import { ProtocolError, varintBytes, writeVarint } from './wire.ts';

export interface ConnectionOptions {
  link: Link;
  client: AedesClient;
  limits: BrokerLimits;
  usage: Usage;
  talk: TalkShare;
  onProtocolError(connection: Connection, error: ProtocolError): void;
}

/** Who takes what an accepted client sends. */
export interface Accepted {
  intake: Intake;
  control: Control;
}

/** Bytes that may wait while a connection is not read on, for transports that cannot stop the sender. */
const MAX_BACKLOG = 16 * 1024 * 1024;
/** The same before anybody knows whose they are. */
const MAX_EARLY_BACKLOG = 512 * 1024;
/** What each may have waiting while all together have more than they should: a chunk of a socket may be half a megabyte. */
const FAIR_BACKLOG = 64 * 1024;

/** Packets that neither bring nor acknowledge anything. */
const TALK: ReadonlySet<number> = new Set([PacketType.subscribe, PacketType.unsubscribe, PacketType.pingreq]);

/**
 * One connection's way in: CONNECT goes to Aedes, everything after it to the client's intake and control. Reading stops while the
 * client is being accepted, while too many of its publications wait, when it sends faster than it may, and while it does not read what
 * it was answered.
 */
export class Connection {
  private readonly splitter: FrameSplitter;
  private phase: 'connect' | 'accepting' | 'ready' | 'closed' = 'connect';
  private accepted: Accepted | null = null;
  private backlog: Buffer[] = [];
  private backlogBytes = 0;
  private isFirst = true;
  private isFull = false;
  private isHalted = false;
  private isUnread = false;
  private readonly turn: Turn;
  private slowTimer: Timer | null = null;
  private allowance: number;
  /** Both by the steady clock, ms: the computer's own may be set back. */
  private allowanceAt = 0;
  private keepAliveAt = Number.NEGATIVE_INFINITY;
  readonly link: Link;
  readonly client: AedesClient;
  private readonly handle = (first: number, bytes: Buffer, start: number, end: number) =>
    this.packet(first, bytes, start, end);

  constructor(private readonly options: ConnectionOptions) {
    this.link = options.link;
    this.client = options.client;
    this.splitter = new FrameSplitter(options.limits.maxPacketBytes);
    this.allowance = options.limits.maxRate;
    this.turn = new Turn(
      options.talk,
      () => this.link.transport.pause(),
      () => this.goOn(),
    );
  }

  get isReady(): boolean {
    return this.phase === 'ready';
  }

  private get isStopped(): boolean {
    return (
      this.phase === 'accepting' ||
      this.isFull ||
      this.isUnread ||
      this.turn.isOver ||
      this.slowTimer !== null ||
      this.isHalted
    );
  }

  /** Reads nothing more; what was read is still answered. */
  halt(): void {
    this.isHalted = true;
    this.link.transport.pause();
  }

  /** Bytes from the client. */
  data(chunk: Buffer): void {
    if (this.phase === 'closed') return;
    if (this.phase === 'connect' && this.isFirst) {
      this.isFirst = false;
      // Whatever else knocks at the port is not waited for.
      if (chunk[0] !== PacketType.connect << 4) {
        this.fail(new ProtocolError('the first packet is not CONNECT', Reason.protocolError));
        return;
      }
    }
    if (this.isStopped || this.backlog.length > 0) {
      this.keepForLater(chunk);
      return;
    }
    this.read(chunk);
  }

  private keepForLater(chunk: Buffer): void {
    this.backlog.push(chunk);
    this.countBacklog(chunk.length);
    this.checkBacklog();
  }

  private checkBacklog(): void {
    const { usage, limits } = this.options;
    const fair = usage.backlogBytes > limits.totalBacklogBytes ? FAIR_BACKLOG : MAX_BACKLOG;
    if (this.backlogBytes > (this.accepted ? fair : MAX_EARLY_BACKLOG))
      this.fail(new ProtocolError('more is sent than can be taken', Reason.receiveMaximumExceeded));
  }

  private countBacklog(bytes: number): void {
    this.backlogBytes += bytes;
    this.options.usage.backlogBytes += bytes;
  }

  private read(chunk: Buffer): void {
    try {
      this.keepAlive();
      const taken = this.splitter.feed(chunk, 0, this.handle);
      if (taken < chunk.length && this.phase !== 'closed') {
        this.backlog.unshift(chunk.subarray(taken));
        this.countBacklog(chunk.length - taken);
        this.checkBacklog();
      }
    } catch (error) {
      this.fail(error instanceof ProtocolError ? error : new ProtocolError(String(error), Reason.unspecified));
    }
  }

  /** Aedes' timer is moved at most four times a second: moving it for each packet costs more than the packet. */
  private keepAlive(): void {
    if (this.client._keepaliveInterval <= 0) return;
    const now = performance.now();
    if (now - this.keepAliveAt < 250) return;
    this.keepAliveAt = now;
    this.client._keepaliveTimer?.refresh();
  }

  /** Goes on with what waited, as far as it may. */
  private goOn(): void {
    while (this.backlog.length > 0 && !this.isStopped && this.phase !== 'closed') {
      const chunk = this.backlog.shift() as Buffer;
      this.countBacklog(-chunk.length);
      this.read(chunk);
    }
    if (!this.isStopped && this.phase !== 'closed') this.link.transport.resume();
  }

  /** The client is accepted: what it sent behind its CONNECT is taken up. */
  accept(accepted: Accepted): void {
    if (this.phase === 'closed') return;
    this.accepted = accepted;
    this.phase = 'ready';
    this.goOn();
  }

  /** The client took something. */
  drained(): void {
    this.client._keepaliveTimer?.refresh();
    this.link.drained();
    if (!this.isUnread || this.link.waitingBytes > this.options.limits.sendBufferBytes) return;
    this.isUnread = false;
    this.goOn();
  }

  full(isFull: boolean): void {
    this.isFull = isFull;
    this.client._keepaliveTimer?.refresh();
    if (isFull) this.link.transport.pause();
    else queueMicrotask(() => this.goOn());
  }

  /** The connection is over, whoever ended it. */
  closed(): void {
    this.phase = 'closed';
    this.accepted?.intake.close();
    this.turn.stop();
    this.backlog = [];
    this.countBacklog(-this.backlogBytes);
    if (this.slowTimer) clearTimeout(this.slowTimer);
    this.slowTimer = null;
  }

  fail(error: ProtocolError): void {
    if (this.phase === 'closed') return;
    this.options.onProtocolError(this, error);
  }

  /** Handles one packet; false to stop reading for now. */
  private packet(first: number, bytes: Buffer, start: number, end: number): boolean {
    if (this.phase === 'ready' && this.accepted) {
      this.handOver(this.accepted, first, bytes, start, end);
      this.checkUnread();
      // `phase` may have changed in the meantime.
      return (this.phase as string) === 'ready' && !this.isStopped;
    }
    if (this.phase === 'closed') return false;
    if (first !== PacketType.connect << 4)
      throw new ProtocolError('the first packet is not CONNECT', Reason.protocolError);
    this.connect(first, bytes, start, end);
    return false;
  }

  /** CONNECT: nothing more is read until somebody has decided about it. */
  private connect(first: number, bytes: Buffer, start: number, end: number): void {
    this.link.request = decodeConnect(bytes, start, end);
    this.link.version = this.link.request.version;
    this.phase = 'accepting';
    this.link.transport.pause();
    const whole = Buffer.allocUnsafe(1 + varintBytes(end - start) + end - start);
    whole[0] = first;
    bytes.copy(whole, writeVarint(whole, 1, end - start), start, end);
    this.link.push(whole);
  }

  /** Gives a packet to whom it belongs, and counts what that cost. */
  private handOver({ intake, control }: Accepted, first: number, bytes: Buffer, start: number, end: number): void {
    const type = first >> 4;
    const begun = performance.now();
    if (type === PacketType.publish) {
      intake.publish(first & 0x0f, bytes, start, end);
      if (this.options.limits.maxRate > 0) this.countRate();
      if (intake.pending === 0) this.turn.countServed(1);
      this.turn.countLooked(performance.now() - begun);
      return;
    }
    this.turn.countServed(control.answer(first, bytes, start, end));
    if (TALK.has(type)) this.turn.countTalk(performance.now() - begun);
  }

  /** Whoever is not read by its client is not read on: answers to what it goes on sending would fill the memory. */
  private checkUnread(): void {
    if (this.isUnread || this.link.waitingBytes <= this.options.limits.sendBufferBytes * 1.5) return;
    this.isUnread = true;
    this.link.transport.pause();
  }

  /** Stops reading for as long as the client was too fast: nothing is lost, it only waits. */
  private countRate(): void {
    const { maxRate } = this.options.limits;
    const now = performance.now();
    this.allowance = Math.min(maxRate, this.allowance + ((now - this.allowanceAt) * maxRate) / 1000) - 1;
    this.allowanceAt = now;
    if (this.allowance >= 0 || this.slowTimer) return;
    this.link.transport.pause();
    const waitMs = Math.max(10, (-this.allowance * 1000) / maxRate);
    this.slowTimer = setTimeout(() => {
      this.slowTimer = null;
      this.goOn();
    }, waitMs);
  }
}
