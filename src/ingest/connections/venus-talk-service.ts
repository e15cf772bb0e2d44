import { portalIn } from './connection.ts';
import { QuietValues } from './quiet-values.ts';

export interface VenusTalkDeps {
  /** Portals that were heard before. */
  portals: readonly string[];
  /** A value that did not change for so long is asked for, ms. */
  patienceMs: number;
  now(): number;
  publish(topic: string, payload: string): void;
  /** A portal was heard for the first time; all of them. */
  onMet(portals: readonly string[]): void;
}

/** Most portals of one connection; a house has one, a boat two. */
const MOST_PORTALS = 8;
const ONLY_CHANGES = '{"keepalive-options":["suppress-republish"]}';

/** What Ampra says to Venus OS, so that it goes on telling. */
export class VenusTalk {
  portals: readonly string[];
  /** Portals that gave their full picture since the line came up; they need only be asked for what changes. */
  private readonly answered = new Set<string>();
  private readonly quiet: QuietValues;

  constructor(private readonly deps: VenusTalkDeps) {
    this.portals = deps.portals;
    this.quiet = new QuietValues(deps.patienceMs);
  }

  /** The line came up, or the device may have been restarted: everything is wanted again. */
  begin(): void {
    this.answered.clear();
    this.quiet.clear();
  }

  /** A portal was heard, or named in a filter. */
  meet(portal: string | null): void {
    if (portal === null || this.portals.includes(portal) || this.portals.length >= MOST_PORTALS) return;
    this.portals = [...this.portals, portal];
    this.deps.onMet(this.portals);
    this.askToGoOn(portal);
  }

  /** A message was stored; `isMeasured` when it gave a reading. */
  heard(topic: string, isMeasured: boolean): void {
    if (portalIn(topic) !== null) this.quiet.heard(topic, isMeasured, this.deps.now());
  }

  /**
   * Venus OS publishes only while it is asked to, at least each 60 s. The first request brings every value, the next ones
   * what changes (dbus-flashmq, README: keep-alive; older releases do not know the option and repeat everything). What
   * stays as it is is read one by one (README: read requests).
   */
  keepAlive(): void {
    for (const portal of this.portals) this.askToGoOn(portal);
    for (const topic of this.quiet.quiet(this.deps.now())) this.deps.publish(`R${topic.slice(1)}`, '');
  }

  private askToGoOn(portal: string): void {
    const wantsAll = !this.answered.has(portal);
    this.answered.add(portal);
    this.deps.publish(`R/${portal}/keepalive`, wantsAll ? '' : ONLY_CHANGES);
  }
}
