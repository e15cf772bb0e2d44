import type { Clock } from '../core/clock.ts';
import { days, seconds } from '../core/durations.ts';
import type { Log } from '../core/log.ts';
import type { TelemetryAdmin } from '../telemetry/ports.ts';
import { demoHistory } from './history.ts';
import { type DemoHouse, garageValues, HouseModel, inverterValues, newHouseState } from './house-model.ts';
import type { DemoDevice, DemoMemory, DemoRecord, DemoWeather } from './ports.ts';

export interface DemoDeps {
  house: DemoHouse;
  clock: Clock;
  log: Log;
  memory: DemoMemory;
  telemetry: Pick<TelemetryAdmin, 'importReadings'>;
  weather: DemoWeather;
  /** Makes the owner and the sources of a new demo house. */
  commission: () => Promise<Omit<DemoRecord, 'house'>>;
  /** Connects the devices; called when the broker and the web listen. */
  connect: (record: DemoRecord) => Promise<{ inverter: DemoDevice; garage: DemoDevice }>;
}

/** Two years, so that each month has one a year before to stand beside. */
const HISTORY_DAYS = 732;
const INVERTER_EVERY_MS = seconds(2);
const GARAGE_EVERY_MS = seconds(10);
const SAVE_EVERY_MS = seconds(60);

/** A house that lives: two years of history at the first start, the gap since the last stop at later ones, then live devices. */
export class Demo {
  private record: DemoRecord | null = null;
  private model: HouseModel | null = null;
  private devices: { inverter: DemoDevice; garage: DemoDevice } | null = null;
  private timer: Timer | null = null;
  private lastGarageAt = 0;
  private lastSaveAt = 0;
  private isSending = false;

  constructor(private readonly deps: DemoDeps) {}

  /** Writes history; `onProgress` hears the share done, 0..1. Gives the login. */
  async prepare(onProgress: (share: number) => void): Promise<{ email: string; password: string }> {
    const { clock, house, memory } = this.deps;
    const now = clock.now();
    const known = memory.load();
    const record = known ?? { ...(await this.deps.commission()), house: newHouseState(now - days(HISTORY_DAYS)) };
    // A demo that slept for longer than its history goes on where its history would begin now.
    record.house.time = Math.max(record.house.time, now - days(HISTORY_DAYS));
    const model = new HouseModel(house, record.house);
    await this.writeHistory(model, record, now, onProgress);
    this.deps.weather.fill([record.inverter.id, record.garage.id], now);
    this.record = record;
    this.model = model;
    memory.save(record);
    return { email: record.email, password: record.password };
  }

  private async writeHistory(
    model: HouseModel,
    record: DemoRecord,
    now: number,
    onProgress: (share: number) => void,
  ): Promise<void> {
    const from = model.state.time;
    const ids = { inverterId: record.inverter.id, garageId: record.garage.id };
    for (const part of demoHistory(model, this.deps.house, ids, now)) {
      await this.deps.telemetry.importReadings(ids.inverterId, part.inverter);
      await this.deps.telemetry.importReadings(ids.garageId, part.garage);
      onProgress((part.until - from) / (now - from));
    }
  }

  /** Lets the devices publish, until `stop`. */
  async start(): Promise<void> {
    if (!this.record) throw new Error('prepare comes first');
    this.devices = await this.deps.connect(this.record);
    this.timer = setInterval(() => void this.tick(), INVERTER_EVERY_MS);
    await this.tick();
  }

  private async tick(): Promise<void> {
    const { model, devices, record } = this;
    // A device that waits for its acknowledgement does not pile up values.
    if (!model || !devices || !record || this.isSending) return;
    this.isSending = true;
    const now = this.deps.clock.now();
    try {
      model.advance(now);
      const sends = [devices.inverter.send(inverterValues(model, this.deps.house))];
      if (now - this.lastGarageAt >= GARAGE_EVERY_MS) {
        this.lastGarageAt = now;
        sends.push(devices.garage.send(garageValues(model)));
      }
      await Promise.all(sends);
      if (now - this.lastSaveAt >= SAVE_EVERY_MS) {
        this.lastSaveAt = now;
        this.deps.memory.save(record);
      }
    } catch (error) {
      this.deps.log.warn('a demo device could not send', { error });
    } finally {
      this.isSending = false;
    }
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    if (this.record) this.deps.memory.save(this.record);
    await this.devices?.inverter.stop();
    await this.devices?.garage.stop();
    this.devices = null;
  }
}
