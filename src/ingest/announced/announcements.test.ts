import { describe, expect, test } from 'bun:test';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory, PartMemory } from '../memory/dialect-memory.ts';
import { textMark } from '../payload/text-mark.ts';
import { Announcements } from './announcements.ts';

function house() {
  const announcements = new Announcements();
  const memory = new DialectMemory(new PartMemory(), announcements);
  const hear = (topic: string, payload: object | string): Record<string, unknown> => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const message = { topic, payload: new TextEncoder().encode(text), receivedAt: 0, isRetained: false };
    return { ...interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation.readings[0]?.values };
  };
  return { announcements, hear };
}
const config = (unit: string) => ({
  ...{ name: 'PV power', unit_of_measurement: unit, device_class: 'power', unique_id: 'a', state_topic: 'box/pv' },
  device: { ids: ['box'], name: 'Box' },
});
const CONFIG = 'homeassistant/sensor/box/pv/config';

describe('what a device announces again', () => {
  test('unchanged is known still', () => {
    const { announcements, hear } = house();
    for (let i = 0; i < 3; i++) hear(CONFIG, config('W'));
    expect(announcements.size).toBe(1);
    expect(hear('box/pv', '1200')).toEqual({ solarPower: 1200 });
  });

  test('and otherwise counts from then on, also when it is as it was before that', () => {
    const { hear } = house();
    for (const [unit, watts] of [
      ['W', 3],
      ['kW', 3000],
      ['W', 3],
    ] as const) {
      hear(CONFIG, config(unit));
      expect(hear('box/pv', '3')).toEqual({ solarPower: watts });
    }
  });

  test('after it was withdrawn is known anew', () => {
    const { announcements, hear } = house();
    hear(CONFIG, config('W'));
    hear(CONFIG, '');
    expect(announcements.size).toBe(0);
    hear(CONFIG, config('W'));
    expect(hear('box/pv', '1200')).toEqual({ solarPower: 1200 });
  });

  test('is not what was heard longest ago', () => {
    const announcements = new Announcements();
    const announce = (i: number) => announcements.announce(`c${i}`, { values: [], topics: [`t${i}`], mark: i });
    for (let i = 0; i < 4096; i++) announce(i);
    expect(announcements.isAgain('c0', 0)).toBe(true);
    announce(4096);
    expect([announcements.knows('t0'), announcements.knows('t1')]).toEqual([true, false]);
  });
});

test('texts that differ a little have other marks', () => {
  const texts = ['', 'a', 'b', 'ab', 'ba', ...Array.from({ length: 20_000 }, (_, i) => `{"name":"PV ${i}"}`)];
  expect(new Set(texts.map(textMark)).size).toBe(texts.length);
});
