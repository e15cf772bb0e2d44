import type { TokenScope } from './accounts/viewer.ts';
import type { App } from './app.ts';
import { bookOperations } from './app-book-operations.ts';
import { featuresOf, refused, text } from './app-operation-arguments.ts';
import { readingOperations } from './app-reading-operations.ts';
import { storesOf } from './app-stores.ts';
import { makeBackup } from './backups/make-backup.fs.ts';
import { unwrap } from './core/result.ts';
import type { Operation, OperationArguments } from './platform/operation.ts';

/**
 * What the command line asks of the appliance, by name. The same code runs inside the running appliance (through its
 * local socket) and in the command's own process when none runs.
 */
export function operations(app: App): ReadonlyMap<string, Operation> {
  return new Map(Object.entries(named(app)));
}

function named(app: App): Readonly<Record<string, Operation>> {
  const accounts = () => featuresOf(app).accounts.service;
  return {
    health: async (_args, io) => io.write(JSON.stringify(app.health())),

    'user add': async (args, io) => {
      const role = text(args, 'role');
      const name = args.name === undefined ? {} : { name: text(args, 'name') };
      const typed = { email: text(args, 'email'), password: text(args, 'password'), role, ...name };
      const user = unwrap(await accounts().addUser(typed));
      io.note(`${user.email} may sign in, as ${user.role}.`);
    },
    'user list': async (_args, io) => {
      const users = accounts().listUsers();
      const width = Math.max(5, ...users.map((u) => u.email.length));
      for (const u of users)
        await io.write(
          `${u.email.padEnd(width)}  ${u.role.padEnd(8)}  ${u.isActive ? 'active  ' : 'inactive'}  ${u.name}\n`,
        );
    },
    'user reset-password': async (args, io) => {
      const typed = { email: text(args, 'email'), password: text(args, 'password') };
      const user = unwrap(await accounts().resetPassword(typed));
      io.note(`The password of ${user.email} is changed, and every session of theirs is ended.`);
    },
    'token add': async (args, io) => {
      const scope = text(args, 'scope');
      if (!isScope(scope)) throw refused('scope', 'The scope is read, write or admin.');
      const days = args.days === undefined ? {} : { expiresInDays: wholeNumber(args, 'days') };
      const typed = { email: text(args, 'email'), name: text(args, 'name'), scope, ...days };
      await io.write(`${unwrap(accounts().addToken(typed))}\n`);
    },

    ...readingOperations(app),
    ...bookOperations(app),

    backup: async (args, io) => {
      await makeBackup({
        stores: storesOf(app),
        now: () => app.base.clock.now(),
        write: (bytes) => io.write(bytes),
        note: io.note,
        progress: io.progress,
        passphrase: args.passphrase === undefined ? undefined : text(args, 'passphrase'),
      });
    },
  };
}

function wholeNumber(args: OperationArguments, name: string): number {
  const number = Number(text(args, name));
  if (!Number.isInteger(number) || number < 1) throw refused(name, `--${name} is a whole number from 1.`);
  return number;
}

function isScope(scope: string): scope is TokenScope {
  return scope === 'read' || scope === 'write' || scope === 'admin';
}
