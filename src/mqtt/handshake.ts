import type { Admission } from './admission.ts';
import type { AedesClient, ConnectPacket } from './aedes-internals.ts';
import type { BrokerLimits } from './limits.ts';
import type { Link } from './link.ts';
import type { Principal } from './ports.ts';
import { Reason } from './reason-codes.ts';
import type { Sessions } from './sessions.ts';
import { TopicAliases } from './topic-aliases.ts';
import type { WillKeeper } from './will-keeper.ts';

export interface HandshakeOptions {
  admission: Admission;
  limits: BrokerLimits;
  sessions: Sessions;
  wills: WillKeeper;
  /** Clients that are in. */
  connected(): number;
}

/** Connections move Aedes' timer at most each 250 ms; nobody is cut off before one and a half keep-alives are over. */
const KEEP_ALIVE_SLACK_S = 0.25 / 1.5;

const LOST = 'the login is not good any more';

/** A login that is looked at now, and who lost access meanwhile. */
interface Login {
  lost: ((principal: Principal) => boolean)[];
}

/** How a client comes in, gets its session, and leaves it. */
export class Handshake {
  private readonly underWay = new Set<Login>();

  constructor(private readonly options: HandshakeOptions) {}

  /** Those who are meant have no access any more, also who is on the way in with what was good a moment ago. */
  lose(isMeant: (principal: Principal) => boolean, links: Iterable<Link>): void {
    for (const { lost } of this.underWay) lost.push(isMeant);
    for (const link of links) {
      if (!link.principal || link.session || !isMeant(link.principal)) continue;
      link.accepted = null;
      link.refuse(Reason.notAuthorized, LOST);
      link.client?.close();
    }
  }

  /** Who is it, and may they in? Aedes then sees the client under a name that is unique in the broker. */
  async connect(
    client: AedesClient<Link>,
    packet: ConnectPacket,
    done: (error: Error | null, isOk: boolean) => void,
  ): Promise<void> {
    const link = client.conn;
    const { request } = link;
    if (!request) return;
    const login: Login = { lost: [] };
    this.underWay.add(login);
    const from = { address: link.transport.address, connected: this.options.connected() };
    const decided = await this.options.admission.decide(packet, from).finally(() => this.underWay.delete(login));
    if (client.closed) return;
    const isLost = decided.ok && login.lost.some((isMeant) => isMeant(decided.principal));
    const decision = isLost ? { ok: false as const, reasonCode: Reason.notAuthorized, reason: LOST } : decided;
    if (!decision.ok) {
      link.refuse(decision.reasonCode, decision.reason);
      done(new Error(decision.reason), false);
      return;
    }
    link.principal = decision.principal;
    link.clientId = decision.clientId;
    link.accepted = decision;
    link.sendMaximum = Math.min(this.options.limits.sendMaximum, request.receiveMaximum);
    link.maximumPacketSize = request.maximumPacketSize;
    link.will = packet.will ? request.will : null;
    link.aliases = new TopicAliases(request.topicAliasMaximum);
    packet.clientId = decision.sessionId;
    if (packet.keepalive > 0) packet.keepalive += KEEP_ALIVE_SLACK_S;
    done(null, true);
  }

  /** Aedes has taken the client in, and ended an older connection of the same name. */
  registered(client: AedesClient<Link>): void {
    const link = client.conn;
    const decision = link.accepted;
    if (!decision) return;
    const { sessionId, clientId, space, principal } = decision;
    const { session, isPresent } = this.options.sessions.attach({
      id: sessionId,
      clientId,
      space,
      principal,
      isCleanStart: client._cleanStart,
      expiryS: client.sessionExpiryInterval,
    });
    link.session = session;
    link.isSessionPresent = isPresent;
    this.options.wills.clientConnected({ sessionId, clientId, space, principal }, link.will);
  }

  /** The client is gone, by its own will or not: its session waits for it, or ends. */
  detach(client: AedesClient<Link>): void {
    const { session } = client.conn;
    if (client._disconnected) this.options.wills.clientLeft(client.id);
    if (!session) return;
    // A session that another connection has taken up is that one's now.
    const isOwn = session.link === client.conn || (session.link === null && session.detachedAt === null);
    if (isOwn) this.options.sessions.detach(session, client.sessionExpiryInterval);
  }
}
