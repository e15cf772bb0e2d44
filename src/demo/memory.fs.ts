import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { DemoMemory, DemoRecord } from './ports.ts';

const number = z.number();
const record = z.object({
  email: z.string(),
  password: z.string(),
  inverter: z.object({ id: z.string(), mqttApiKey: z.string() }),
  garage: z.object({ id: z.string(), webhookSecret: z.string() }),
  house: z.object({
    time: number,
    storedKwh: number,
    roofKwh: number,
    garageKwh: number,
    loadKwh: number,
    importKwh: number,
    exportKwh: number,
    chargeKwh: number,
    dischargeKwh: number,
  }),
});

/** The demo's memory as a file only its user can read: its devices need their keys again after a restart. */
export function fileMemory(path: string): DemoMemory {
  return {
    load(): DemoRecord | null {
      if (!existsSync(path)) return null;
      return record.parse(JSON.parse(readFileSync(path, 'utf8')));
    },
    save(value: DemoRecord): void {
      writeFileSync(`${path}.part`, JSON.stringify(value), { mode: 0o600 });
      renameSync(`${path}.part`, path);
    },
  };
}
