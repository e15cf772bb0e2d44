import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import { type NumberStyle, quantityIn, styleOf } from './number-style.ts';

const at = Date.UTC(2026, 5, 1);
const valuesOf = (topic: string, payload: string, memory = new DialectMemory()): Record<string, unknown> => {
  const message = { topic, payload: new TextEncoder().encode(payload), receivedAt: at, isRetained: false };
  return { ...interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation.readings[0]?.values };
};

describe('how a message writes its numbers', () => {
  test.each<[readonly string[], NumberStyle]>([
    [['12,3', '8.123'], 'comma'],
    [['8.123,4 kWh'], 'comma'],
    [['1.234.567 Wh'], 'comma'],
    [['0,512 kW'], 'comma'],
    [['12.3', '8,123'], 'point'],
    [['8,123.4 kWh'], 'point'],
    [['1,234,567'], 'point'],
    [['8.123', '61', 'ok'], 'unknown'],
    [['8.123', '8,123'], 'unknown'],
    [['12.3', '45,6'], 'mixed'],
    [['10.0.0.17', '1,2,3', '2026.06.01'], 'unknown'],
  ])('%p is told by what can be read one way only: %s', (texts, style) => {
    expect(styleOf(texts)).toBe(style);
  });

  test.each<[string, NumberStyle, number | null]>([
    ['8.123', 'comma', 8123],
    ['8.123', 'point', 8.123],
    ['8.123', 'unknown', 8.123],
    ['8.123', 'mixed', null],
    ['8,123', 'point', 8123],
    ['8,123', 'comma', 8.123],
    ['8,123', 'unknown', null],
    ['8,123', 'mixed', null],
    ['0.123', 'comma', 0.123],
    ['1234.567', 'comma', 1234.567],
    ['12,5', 'point', 12.5],
    ['1.234.567', 'unknown', 1234567],
    ['8.123,4', 'unknown', 8123.4],
    ['8,123.4', 'unknown', 8123.4],
    ["8'123.4", 'unknown', 8123.4],
    ['8 123,4', 'unknown', 8123.4],
    ['-1.200', 'comma', -1200],
    ['1.2.3', 'unknown', null],
    ['1.23,456.7', 'unknown', null],
    ['1,2,3', 'unknown', null],
    ['12 34', 'unknown', null],
    ['230 231', 'unknown', null],
    ['8\u00a0123', 'unknown', 8123],
    ['', 'unknown', null],
    ['nan', 'unknown', null],
  ])('%p in a message of style %s is %p', (text, style, value) => {
    expect(quantityIn(text, style)?.value ?? null).toBe(value);
    expect(quantityIn(`${text} kWh`, style)).toEqual(value === null ? null : { value, unit: 'kWh' });
  });

  test('is read as it was written, whichever way', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -99_999_999, max: 99_999_999 }),
        fc.nat(4),
        fc.boolean(),
        (whole, places, isComma) => {
          const value = whole / 10 ** places;
          const [group, point] = isComma ? ['.', ','] : [',', '.'];
          const [front = '', back] = Math.abs(value).toFixed(places).split('.');
          const grouped = front.replace(/\B(?=(\d{3})+$)/g, group);
          const text = `${value < 0 ? '-' : ''}${grouped}${back === undefined ? '' : point + back}`;
          expect(quantityIn(text, isComma ? 'comma' : 'point')?.value).toBeCloseTo(value, 6);
        },
      ),
    );
  });
});

describe('numbers with a point of thousands', () => {
  const german = {
    PV_Leistung: '1.200 W',
    Hausverbrauch: '700 W',
    Ertrag_heute: '12,34 kWh',
    Ertrag_gesamt: '8.123 kWh',
  };

  test('are known by what stands beside them in the same message', () => {
    expect(valuesOf('haus/wr', JSON.stringify(german))).toEqual({
      ...{ solarPower: 1200, loadPower: 700, dailyEnergyProduced: 12.34, totalEnergyProduced: 8123 },
    });
    expect(valuesOf('haus/wr', JSON.stringify({ ...german, Ertrag_heute: '12.34 kWh' }))).toMatchObject({
      ...{ dailyEnergyProduced: 12.34, totalEnergyProduced: 8.123 },
    });
  });

  test('are left out where the message writes both ways', () => {
    const values = valuesOf('haus/wr', JSON.stringify({ ...german, Batterie_Spannung: '52.1 V' }));
    expect(values).toMatchObject({ loadPower: 700, dailyEnergyProduced: 12.34, batteryVoltage: 52.1 });
    expect(values).not.toHaveProperty('totalEnergyProduced');
    expect(values).not.toHaveProperty('solarPower');
  });

  test('one a topic are known by what was heard beside', () => {
    const memory = new DialectMemory();
    expect(valuesOf('wechselrichter/ertrag_heute', '12,34 kWh', memory)).toEqual({ dailyEnergyProduced: 12.34 });
    expect(valuesOf('wechselrichter/ertrag_gesamt', '8.123 kWh', memory)).toEqual({ totalEnergyProduced: 8123 });
    expect(valuesOf('wechselrichter/ertrag_gesamt', '8.123 kWh')).toEqual({ totalEnergyProduced: 8.123 });
  });
});
