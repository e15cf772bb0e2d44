import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '../../src/app-operations.ts';
import { commands } from '../../src/main-commands.ts';
import { ControlSocket, callRunning } from '../../src/platform/control-socket.ts';
import { House } from './house.ts';
import { differences, lineOf, rowsOf } from './read-table.ts';

/** Jobs and commands: what works without anybody asking over the network, and who may set it going. */
let house: House;
let control: ControlSocket;
beforeAll(async () => {
  house = await House.start();
  control = new ControlSocket({ dataDir: house.app.dataDir, find: (name) => operationOf(name) });
  control.start();
});
afterAll(async () => {
  await control?.stop();
  await house?.dispose();
});

const operationOf = (name: string) => operations(house.app).get(name);

describe('jobs', () => {
  test('are in the document, every one that there is and no other', () => {
    const kinds = house.app.features.jobs.kinds();
    const startedBy = (kind: string) => {
      const cron = kinds.find((one) => one.kind === kind)?.cron;
      return cron ? `schedule (\`${cron}\`)` : 'whose action?';
    };
    const found = differences({
      thing: 'job',
      documented: rowsOf('Job').map(({ about }) => about),
      real: kinds.map(({ kind }) => kind),
      lineFor: (kind) => lineOf(kind, [startedBy(kind), 'whose data?', 'Admin, Overseer']),
    });
    expect(found).toEqual([]);
  });

  test('that run by the clock say so in the document, with the hour that they really have', () => {
    const said = new Map(rowsOf('Job').map(({ about, cells }) => [about, cells['started by'] ?? '']));
    const wrong = house.app.features.jobs
      .kinds()
      .filter(({ kind, cron }) => cron !== undefined && !said.get(kind)?.includes(`schedule (\`${cron}\`)`));
    expect(wrong.map(({ kind, cron }) => `${kind} runs at ${cron}`)).toEqual([]);
  });
});

describe('commands', () => {
  test('are in the document, every one that there is and no other', () => {
    const found = differences({
      thing: 'command',
      documented: rowsOf('Command').map(({ about }) => about),
      real: commands.map(({ name }) => name),
      lineFor: (name) => lineOf(name, [operationOf(name) ? 'in the running appliance' : 'alone', 'what?']),
    });
    expect(found).toEqual([]);
  });

  test('that the running appliance takes over its socket are those that the document says', () => {
    const said = rowsOf('Command').flatMap(({ about, cells }) => {
      const { runs = '' } = cells;
      return runs === 'in the running appliance'
        ? [about]
        : [...runs.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    });
    expect([...operations(house.app).keys()].sort()).toEqual([...said].sort());
  });

  test('reach it only through a socket that nobody else of the machine may open', () => {
    expect((statSync(join(house.app.dataDir, 'control.sock')).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(house.app.dataDir).mode & 0o777).toString(8)).toBe('700');
  });

  test('of a name that JavaScript objects have are not known either', async () => {
    const io = { input: [] as never, write: async () => undefined, note: () => undefined, progress: () => undefined };
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty', '%', ''])
      await expect(callRunning(house.app.dataDir, { name, args: {}, io, hasInput: false })).rejects.toThrow(
        'does not know',
      );
  });
});
