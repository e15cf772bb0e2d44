import type { AuditLog } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import type { WeatherDecision } from './ports.ts';
import type { WeatherAccess } from './weather-state.ts';

export interface AccessDeps {
  /** `weather` of the configuration. */
  mode: 'ask' | 'on' | 'off';
  /** False when the service stands in the private network: then nobody needs to be asked about the internet. */
  isInternet: boolean;
  decision: WeatherDecision;
  audit?: Pick<AuditLog, 'record'>;
}

/** Whether this appliance may use the internet for weather. It may not until an Overseer, or the configuration, says so. */
export class WeatherPermission {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly deps: AccessDeps) {}

  access(): WeatherAccess {
    const { mode, isInternet, decision } = this.deps;
    if (mode === 'off') return 'off';
    if (mode === 'on' || !isInternet) return 'allowed';
    const isAllowed = decision.read();
    return isAllowed === null ? 'undecided' : isAllowed ? 'allowed' : 'declined';
  }

  isAllowed(): boolean {
    return this.access() === 'allowed';
  }

  /** True when it is for an Overseer to say, here and now; else the configuration has said it. */
  isForPeople(): boolean {
    return this.deps.mode === 'ask' && this.deps.isInternet;
  }

  /** An Overseer's word. */
  decide(viewer: Viewer, isAllowed: boolean, address?: string): Result<WeatherAccess> {
    if (viewer.role !== 'overseer')
      return refuse('forbidden', 'Only an Overseer decides what this Ampra may use the internet for.');
    if (!this.isForPeople())
      return refuse('conflict', 'The configuration of this Ampra says whether weather is fetched.', {
        hint: 'Change `weather` in ampra.config.ts, or AMPRA_WEATHER, and start Ampra anew.',
      });
    this.deps.decision.write(isAllowed);
    this.deps.audit?.record({
      actor: viewer,
      ...(address === undefined ? {} : { address }),
      action: 'weather.internet',
      detail: isAllowed ? 'Weather may be fetched from the internet' : 'Weather may not be fetched from the internet',
    });
    for (const listener of this.listeners) listener();
    return ok(this.access());
  }

  /** Called after a decision. */
  onDecision(listener: () => void): void {
    this.listeners.add(listener);
  }
}
