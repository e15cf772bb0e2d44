import { describe, expect, test } from 'bun:test';
import { seconds } from '../../core/durations.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

const UNITS = { power: 'W', current: 'A' };
type Quantity = keyof typeof UNITS;

/** A device that announces its values one by one, whenever it likes. */
class AnnouncingDevice {
  private readonly memory = new DialectMemory();
  private at = Date.UTC(2026, 5, 21, 10);

  constructor(private readonly maker: string) {}

  announce(name: string, quantity: Quantity, device = 'box'): void {
    const config = {
      ...{ name, unique_id: `${device} ${name}`, state_topic: `${device}/${name}` },
      ...{ device_class: quantity, unit_of_measurement: UNITS[quantity], device: { ids: [device], name: this.maker } },
    };
    this.hear(`homeassistant/sensor/${device}/${name.replaceAll(' ', '_')}/config`, JSON.stringify(config));
  }

  say(name: string, value: number, device = 'box'): Record<string, unknown> {
    return this.hear(`${device}/${name}`, String(value));
  }

  silence(ms: number): void {
    this.at += ms;
  }

  private hear(topic: string, text: string): Record<string, unknown> {
    this.at += seconds(1);
    const message = { topic, payload: new TextEncoder().encode(text), receivedAt: this.at, isRetained: false };
    const found = interpretMessage(message, { timeZone: 'UTC', memory: this.memory });
    return { ...found?.interpretation.readings[0]?.values };
  }
}

describe.each([
  ['power', 'batteryPower'],
  ['current', 'batteryCurrent'],
] as const)('a battery whose %s is announced as a whole and by halves', (quantity, metric) => {
  test.each([
    ['the whole first', ['Battery', 'Battery charge', 'Battery discharge']],
    ['a half first', ['Battery charge', 'Battery', 'Battery discharge']],
    ['the whole last', ['Battery charge', 'Battery discharge', 'Battery']],
  ])('counts once from the first message on, %s', (_which, names) => {
    const device = new AnnouncingDevice('Seplos BMS');
    const all: unknown[] = [];
    const heard: Record<string, number> = { Battery: 40, 'Battery charge': 40, 'Battery discharge': 0 };
    for (const [i, name] of names.entries()) {
      device.announce(`${name} ${quantity}`, quantity);
      for (const said of names.slice(0, i + 1)) all.push(device.say(`${said} ${quantity}`, heard[said] ?? 0)[metric]);
    }
    expect(new Set(all.filter((value) => value !== undefined))).toEqual(new Set([40]));
  });

  test('is what the whole says, and what the halves say once the whole is silent', () => {
    const device = new AnnouncingDevice('Seplos BMS');
    for (const name of ['Battery', 'Battery charge', 'Battery discharge'])
      device.announce(`${name} ${quantity}`, quantity);
    expect(device.say(`Battery ${quantity}`, -30)).toEqual({ [metric]: -30 });
    expect(device.say(`Battery discharge ${quantity}`, 31)).toEqual({});
    expect(device.say(`Battery ${quantity}`, -32)).toEqual({ [metric]: -32 });
    device.silence(seconds(16 * 60));
    expect(device.say(`Battery discharge ${quantity}`, 33)).toEqual({ [metric]: -33 });
  });

  test('adds another device that announces halves alone', () => {
    const device = new AnnouncingDevice('Seplos BMS');
    for (const name of ['Battery', 'Battery charge']) device.announce(`${name} ${quantity}`, quantity);
    device.announce(`Battery charge ${quantity}`, quantity, 'other');
    device.say(`Battery ${quantity}`, 10);
    device.say(`Battery charge ${quantity}`, 10);
    expect(device.say(`Battery charge ${quantity}`, 5, 'other')).toEqual({ [metric]: 15 });
    expect(device.say(`Battery ${quantity}`, 20)).toEqual({ [metric]: 25 });
  });

  test('adds its packs that are announced by halves', () => {
    const device = new AnnouncingDevice('Seplos BMS');
    for (const pack of [1, 2])
      for (const way of ['charge', 'discharge']) device.announce(`Battery ${pack} ${way} ${quantity}`, quantity);
    device.say(`Battery 1 charge ${quantity}`, 10);
    expect(device.say(`Battery 2 discharge ${quantity}`, 4)).toEqual({ [metric]: 6 });
    expect(device.say(`Battery 2 charge ${quantity}`, 5)).toEqual({ [metric]: 15 });
  });
});

test('a grid that is announced as a whole and by halves counts once', () => {
  const device = new AnnouncingDevice('Hybrid inverter');
  for (const name of ['Grid power', 'Grid import power', 'Grid export power']) device.announce(name, 'power');
  device.say('Grid import power', 700);
  expect(device.say('Grid power', 720)).toEqual({ gridPower: 720 });
  expect(device.say('Grid import power', 730)).toEqual({});
});

test('halves beside a whole of which nobody knows the sign count alone, until it is known', () => {
  const device = new AnnouncingDevice('Box');
  for (const name of ['Battery power', 'Battery charge power', 'Battery discharge power'])
    device.announce(name, 'power');
  device.say('Battery power', 500);
  expect(device.say('Battery charge power', 500)).toEqual({ batteryPower: 500 });
  expect(device.say('Battery power', 500)).toEqual({});
});
