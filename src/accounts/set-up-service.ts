import type { Clock } from '../core/clock.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import { inPairs, isSameText, newReadableCode, typedCode } from './codes.ts';
import type { GuessLimits } from './guess-limits.ts';
import { normalisedPassword } from './password-rules.ts';
import type {
  ApplianceSettings,
  AuditLog,
  FirstSource,
  FirstSourceMade,
  OpenedSession,
  PasswordHasher,
  SiteReader,
  UserStore,
} from './ports.ts';
import { badFields, type PersonTyped, readPerson } from './registration-service.ts';
import { actorOf, type SignInService, type Visitor } from './sign-in-service.ts';
import { parseSite, type Site } from './site.ts';
import type { User } from './user.ts';
import type { Viewer } from './viewer.ts';

export interface SetUpDeps {
  users: UserStore;
  passwords: PasswordHasher;
  settings: ApplianceSettings;
  signIn: SignInService;
  audit: AuditLog;
  limits: GuessLimits;
  clock: Clock;
}

/** Where the wizard stands. `account`: nobody looks after this Ampra yet. `done`: never again. */
export type SetUpStep = 'account' | 'site' | 'source' | 'done';

interface SetUpState {
  step: 'site' | 'source' | 'done';
  /** Only who claimed the appliance goes on with the wizard. */
  ownerId: string;
}

export interface FirstSourceTyped {
  name: string;
  connectionType: string;
  installedCapacityW: string;
}

/** The first visit: account, place, first source; each step stored, so that it goes on where it stopped. */
export class SetUpService implements SiteReader {
  private code: string | null = null;
  private firstSource: FirstSource | null = null;
  constructor(private readonly deps: SetUpDeps) {}

  plugFirstSource(firstSource: FirstSource): void {
    this.firstSource = firstSource;
  }

  get hasFirstSource(): boolean {
    return this.firstSource !== null;
  }

  /** The step that comes next for this viewer; `done` for everybody who did not claim the appliance. */
  stepFor(viewer: Viewer | null): SetUpStep {
    if (!this.deps.users.hasOverseer()) return 'account';
    const state = this.state();
    return state && state.step !== 'done' && state.ownerId === viewer?.userId ? state.step : 'done';
  }

  /** The code that the start prints, `ABCD-EFGH`; null once somebody looks after this Ampra. Only memory has it. */
  setUpCode(): string | null {
    if (this.deps.users.hasOverseer()) return null;
    this.code ??= newReadableCode(8);
    return inPairs(this.code);
  }

  /** Makes the Overseer and signs them in. `isLocal`: the request comes from this machine itself, so that no code is asked. */
  async claim(
    typed: PersonTyped & { code: string },
    visitor: Visitor & { isLocal: boolean },
  ): Promise<Result<{ user: User; session: OpenedSession }>> {
    const { users, passwords, signIn, clock, audit } = this.deps;
    if (users.hasOverseer()) return claimed();
    const allowed = this.checkCode(typed.code, visitor);
    if (!allowed.ok) return allowed;
    const read = readPerson(typed);
    if (!read.ok) return read;
    const { name, email } = read.value;
    const passwordHash = await passwords.hash(normalisedPassword(typed.password));
    const now = clock.now();
    const identity = { name, email: email.typed, emailNormalised: email.normalised, passwordHash };
    const user = users.insertFirstOverseer({ ...identity, role: 'overseer', verifiedAt: now }, now);
    if (user === 'claimed') return claimed();
    if (user === 'emailTaken')
      return refuse('conflict', 'This e-mail address has an account already.', { field: 'email' });
    this.code = null;
    this.setState({ step: 'site', ownerId: user.id });
    audit.record({ actor: actorOf(user), address: visitor.address, action: 'setUp.claimed' });
    const { address, userAgent } = visitor;
    return ok({ user, session: await signIn.openFor(user, { address, userAgent }) });
  }

  /** May a visitor put a backup in place instead? With the code, and for as long as nobody looks after this Ampra. */
  mayRestore(typed: { code: string }, visitor: { address: string; isLocal: boolean }): Result<void> {
    return this.deps.users.hasOverseer() ? claimed() : this.checkCode(typed.code, visitor);
  }

  site(): Site | null {
    return (this.deps.settings.get('site')?.value as Site | undefined) ?? null;
  }

  /** Stores where the house stands; the wizard goes on. Overseers may change it later too. */
  saveSite(viewer: Viewer, typed: Record<keyof Site, string>, address: string): Result<Site> {
    if (viewer.role !== 'overseer') return refuse('forbidden', 'Only an Overseer says where the house stands.');
    const read = parseSite(typed);
    if ('problems' in read) return { ok: false, error: badFields(read.problems) };
    this.deps.settings.set('site', read.site, this.deps.clock.now());
    if (this.stepFor(viewer) === 'site') this.setState({ step: 'source', ownerId: viewer.userId });
    this.deps.audit.record({
      actor: viewer,
      address,
      action: 'settings.changed',
      detail: 'Place and time zone of the house',
    });
    return ok(read.site);
  }

  /** Makes the first source; gives what its device needs to know. The wizard is over. */
  async addFirstSource(viewer: Viewer, typed: FirstSourceTyped, address: string): Promise<Result<FirstSourceMade>> {
    const site = this.site();
    if (this.stepFor(viewer) !== 'source' || !site)
      return refuse('conflict', 'The set-up is over, or not that far yet.');
    if (!this.firstSource)
      return refuse('unavailable', 'Sources are not ready. Leave this step out and add one later.');
    const { connectionType } = typed;
    const watts = parseWatts(typed.installedCapacityW);
    if (watts === undefined)
      return refuse('invalid', 'Give 0 to 1000 kW, or leave it empty.', { field: 'installedCapacityW' });
    if (connectionType !== 'mqtt' && connectionType !== 'webhook')
      return refuse('invalid', 'Choose how it sends.', { field: 'connectionType' });
    const place = { latitude: site.latitude, longitude: site.longitude, timeZone: site.timeZone };
    const made = await this.firstSource.create(viewer, {
      ...place,
      name: typed.name,
      connectionType,
      installedCapacityW: watts,
    });
    if (made.ok) this.finish(viewer, address);
    return made;
  }

  /** Ends the wizard without a source. */
  skip(viewer: Viewer, address: string): void {
    if (this.stepFor(viewer) === 'source') this.finish(viewer, address);
  }

  private finish(viewer: Viewer, address: string): void {
    this.setState({ step: 'done', ownerId: viewer.userId });
    this.deps.audit.record({ actor: viewer, address, action: 'setUp.finished' });
  }

  private checkCode(typed: string, visitor: { address: string; isLocal: boolean }): Result<void> {
    if (visitor.isLocal) return ok(undefined);
    const limit = this.deps.limits.setUpCode(visitor.address);
    if (!limit.ok) return limit;
    this.setUpCode();
    if (this.code !== null && isSameText(this.code, typedCode(typed))) {
      this.deps.limits.rightSetUpCode(visitor.address);
      return ok(undefined);
    }
    this.deps.audit.record({ actor: null, address: visitor.address, action: 'setUp.wrongCode' });
    return refuse('invalid', 'This is not the set-up code.', {
      field: 'code',
      hint: 'Ampra printed it when it started: look at its terminal or log.',
    });
  }

  private state(): SetUpState | undefined {
    return this.deps.settings.get('setUp')?.value as SetUpState | undefined;
  }

  private setState(state: SetUpState): void {
    this.deps.settings.set('setUp', state, this.deps.clock.now());
  }
}

function claimed(): Result<never> {
  return refuse('conflict', 'This Ampra is set up already.', { hint: 'Sign in.' });
}

/** kW as typed to W; null for empty, undefined for nonsense. */
function parseWatts(kilowatts: string): number | null | undefined {
  const text = kilowatts.trim().replace(',', '.');
  if (text === '') return null;
  const watts = Math.round(Number(text) * 1000);
  return /^\d{1,4}(\.\d{1,6})?$/.test(text) && watts <= 1_000_000 ? watts : undefined;
}
