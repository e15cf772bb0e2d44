import { describe, expect, test } from 'bun:test';
import { dialects } from '../dialects.ts';
import { MessageView } from '../payload/message-view.ts';
import { emptyRule, type MappingRule } from './mapping.ts';
import { mappingOver } from './mapping-over.ts';

const rule = (more: Partial<MappingRule>): MappingRule => ({ ...emptyRule, ...more });
const context = { timeZone: 'Europe/Berlin' };

function read(rules: MappingRule[], topic: string, payload: unknown) {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const message = { topic, payload: new TextEncoder().encode(text), receivedAt: 1_767_225_600_000, isRetained: false };
  const view = new MessageView(message);
  const dialect = mappingOver(rules, dialects);
  return dialect.recognise(view, context) && dialect.interpret(view, context);
}

const plug = 'tele/plug/SENSOR';
const energy = { Total: 123.4, Power: 340, Voltage: 231, Current: 1.5, Frequency: 50.1 };

describe('a line for one value of a message that a dialect knows', () => {
  test('takes nothing from what the dialect reads of the others', () => {
    const rules = [rule({ topic: plug, path: 'ENERGY.Frequency', metric: 'outputFrequency' })];
    const answer = read(rules, plug, { Time: '2025-12-31T12:00:00', ENERGY: energy });
    expect(answer?.readings).toHaveLength(1);
    expect(answer?.readings[0]?.values).toMatchObject({
      ...{ outputFrequency: 50.1, loadPower: 340, outputVoltage: 231, totalEnergyConsumed: 123.4 },
    });
    expect(answer?.readings[0]?.time).toBe(Date.UTC(2025, 11, 31, 11));
  });

  test('counts alone for that value, so that a wrong guess does not stay beside it', () => {
    const rules = [rule({ topic: plug, path: 'ENERGY.Power', metric: 'solarPower' })];
    const values = read(rules, plug, { ENERGY: energy })?.readings[0]?.values;
    expect(values).toMatchObject({ solarPower: 340, outputVoltage: 231 });
    expect(values).not.toHaveProperty('loadPower');
  });

  test('of Ampra’s own format gives other names a place, and the catalogue’s keep theirs', () => {
    const own = 'ampra/8f14e45f-ceea-467f-a0e6-5a1e3f0c2b11/telemetry';
    const rules = [rule({ topic: own, path: 'Hausverbrauch', metric: 'loadPower' })];
    const answer = read(rules, own, { timestamp: 1_767_200_000, solarPower: 1840, Hausverbrauch: 640 });
    expect(answer).toMatchObject({
      readings: [{ time: 1_767_200_000_000, values: { solarPower: 1840, loadPower: 640 } }],
      rejected: [],
    });
    expect(read(rules, own, { Hausverbrauch: 640 })).toMatchObject({
      readings: [{ values: { loadPower: 640 } }],
      rejected: [],
    });
    expect(read(rules, own, { solarPower: 'much', Hausverbrauch: 640 })?.rejected).toMatchObject([
      { field: 'solarPower' },
    ]);
  });

  test('leaves the places of a list as they are', () => {
    const rules = [rule({ topic: 'x', path: 'a[0]', metric: 'solarPower' })];
    expect(read(rules, 'x', { a: [5, 6] })?.readings).toMatchObject([{ values: { solarPower: 5 } }]);
  });

  test('is all there is to a bare value, and to a message that nobody knows', () => {
    expect(read([rule({ topic: 'pv', metric: 'solarPower' })], 'pv', '12')?.readings).toMatchObject([
      { values: { solarPower: 12 }, isPartial: true },
    ]);
    const strange = { q: 1, z: 2 };
    expect(read([rule({ topic: 'x', path: 'q', metric: 'solarPower' })], 'x', strange)?.readings).toMatchObject([
      { values: { solarPower: 1 } },
    ]);
  });
});
