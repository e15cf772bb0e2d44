import type { UserDirectory } from '../../accounts/ports.ts';
import { ok, type Result, refuse } from '../../core/result.ts';
import type { KeyVault } from '../../sources/ports.ts';
import type { ConnectionDetails } from './connection-rules.ts';
import type { LinkTarget, StoredConnection } from './ports.ts';
import { placeOf } from './target.ts';
import { troubleWords } from './trouble.ts';

export interface TargetDeps {
  vault: Pick<KeyVault, 'seal' | 'open'>;
  users: Pick<UserDirectory, 'viewerFor'>;
}

/** Where connections lead: how far an owner's may reach, and with which password they come. */
export class ConnectionTargets {
  constructor(private readonly deps: TargetDeps) {}

  /** What can be said before a name is looked up; the link checks every address that it really goes to. */
  checkHost(host: string, ownerId: string): Result<null> {
    const isOwnMachine = /^localhost\.?$|\.localhost\.?$/i.test(host);
    const place = isOwnMachine ? 'guarded' : /^[\d.]+$|:/.test(host) ? placeOf(host) : 'open';
    if (place === 'open' || (place === 'guarded' && this.mayGoAnywhere(ownerId))) return ok(null);
    const { reason, hint } = troubleWords({ code: 'guarded' }, host);
    return refuse('invalid', reason, { field: 'host', hint });
  }

  /** Whoever looks after the appliance may reach what runs beside it. */
  mayGoAnywhere(ownerId: string): boolean {
    const role = this.deps.users.viewerFor(ownerId)?.role;
    return role === 'overseer' || role === 'admin';
  }

  /** Of what was typed, with a password in the clear. */
  of(details: Omit<ConnectionDetails, 'isOn'>, password: string | null, ownerId: string): LinkTarget {
    const { host, port, usesTls, verifiesCertificate, authorityPem, userName, clientId } = details;
    const where = { host, port, usesTls, verifiesCertificate, authorityPem };
    return { ...where, userName, password, clientId, resumes: false, mayGoAnywhere: this.mayGoAnywhere(ownerId) };
  }

  /** The password as it is stored: what was typed, none for an empty one, the old one where nothing was typed. */
  sealed(id: string, typed: string | null | undefined, was: Uint8Array | null): Uint8Array | null {
    if (typed === undefined) return was;
    return typed ? this.deps.vault.seal(sealName(id), typed) : null;
  }

  /** Of a connection as it is stored; undefined where its password cannot be read. */
  ofStored({ connection, sealedPassword }: StoredConnection, ownerId: string): LinkTarget | undefined {
    if (sealedPassword === null) return this.of(connection, null, ownerId);
    try {
      const password = this.passwordOf(connection.id, sealedPassword);
      return password === undefined ? undefined : this.of(connection, password, ownerId);
    } catch {
      return undefined; // The vault itself is broken, which its own part of the appliance reports.
    }
  }

  /** Undefined when it was sealed with another key. Throws when the vault cannot be used. */
  passwordOf(id: string, sealed: Uint8Array): string | undefined {
    return this.deps.vault.open(sealName(id), sealed);
  }
}

/** What a sealed password is bound to. */
const sealName = (id: string): string => `connection ${id}`;
