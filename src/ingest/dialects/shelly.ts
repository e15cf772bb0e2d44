import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';
import { livePhase, type MeterMetrics, meterMetrics } from '../meter-role.ts';
import { asObject, type MessageView } from '../payload/message-view.ts';

/**
 * Shelly of the second generation and later: `<prefix>/status/<component>:<id>` with the whole component, and
 * `<prefix>/events/rpc` (`NotifyStatus`, `NotifyFullStatus`) with what changed. Energies in Wh, `ts` in seconds; power is
 * positive for what is taken, negative for what is given. After shelly-api-docs (Switch, PM1, EM, EM1, EMData, EM1Data).
 */
const COMPONENT = /^(switch|light|cover|pm1|em|em1|emdata|em1data|cct|rgb|rgbw|rgbcct):(\d{1,3})$/;
const OTHER_COMPONENT = /^[a-z][a-z0-9_]*:\d{1,3}$/;
const WH = 0.001;
const PHASES = ['a', 'b', 'c'];

const certain: Recognition = { sureness: 0.97, reason: 'status notifications of a Shelly' };
const likely: Recognition = { sureness: 0.75, reason: 'a Shelly component and its values' };
const presence: Recognition = { sureness: 0.5, reason: 'presence as a Shelly tells it' };

export const dialect: Dialect = {
  name: 'shelly',
  commandTopics: ['+/rpc', '+/command', '+/command/+'],

  recognise(message) {
    const last = message.tail(0);
    if (message.tail(1) === 'status' && (COMPONENT.test(last) || OTHER_COMPONENT.test(last)))
      return message.looksLikeObject && message.text?.includes('"id"') ? certain : likely;
    // Who says it is left out by bridges that pass on what changed.
    if (last === 'rpc' && message.looksLikeObject && message.text && /"src"|"Notify(Full)?Status"/.test(message.text))
      return message.tail(1) === 'events' || /"shelly/.test(message.text) ? certain : likely;
    return last === 'online' && /^shelly/i.test(message.tail(1)) ? presence : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    const last = message.tail(0);
    if (last === 'online') {
      if (/^(true|false)$/.test(message.text ?? ''))
        draft.text('deviceStatus', message.text === 'true' ? 'online' : 'offline');
      return draft.finish(null, true);
    }
    const { json } = message;
    if (!json) return nothingMeasured();
    if (last !== 'rpc') {
      readComponent(draft, { device: message.base(2), name: last, status: json }, context);
      return draft.finish(null, true);
    }
    const changed = asObject(json.params) ?? asObject(json.result);
    if (!changed) return nothingMeasured();
    const device = deviceOf(message, json);
    for (const [name, value] of Object.entries(changed)) {
      const status = asObject(value);
      if (status) readComponent(draft, { device, name, status }, context);
    }
    // What changed within a second belongs together, however many notifications it took.
    const time = draft.time(changed.ts);
    return draft.finish(time === null ? null : Math.floor(time / 1000) * 1000, true);
  },
};

function deviceOf(message: MessageView, json: Record<string, unknown>): string {
  return message.tail(1) === 'events' ? message.base(2) : String(json.src);
}

interface Component {
  device: string;
  name: string;
  status: Record<string, unknown>;
}

function readComponent(draft: Draft, component: Component, context: DialectContext): void {
  const match = COMPONENT.exec(component.name);
  if (!match) return;
  const kind = match[1] ?? '';
  const number = Number(match[2]);
  const isMeter = kind.startsWith('em');
  const meter = meterMetrics(context.role, isMeter ? 'grid' : 'load');
  const which = { id: `${component.device} ${kind.replace('data', '')}:${number}`, order: number };
  // Two clamps of one meter need not measure the same flow, so that they are not added.
  const how = kind.startsWith('em1') ? 'first' : 'sum';
  const give = (to: Field['to'] | null, raw: unknown, by = 1, way: 'sum' | 'first' = how) => {
    if (to && raw !== undefined) draft.take({ to, by, how: way, rank: 2 }, raw, which);
  };
  const { status } = component;
  if (kind === 'em') readThreePhase(meter, status, give);
  else if (kind === 'emdata') {
    give(meter.total, status.total_act, WH);
    give(meter.returned, status.total_act_ret, WH);
  } else if (kind === 'em1data') {
    give(meter.total, status.total_act_energy, WH);
    give(meter.returned, status.total_act_ret_energy, WH);
  } else readSingle(meter, status, give);
}

type Give = (to: Field['to'] | null, raw: unknown, by?: number, way?: 'sum' | 'first') => void;

function readThreePhase(meter: MeterMetrics, status: Record<string, unknown>, give: Give): void {
  give(meter.power, status.total_act_power ?? sumOf(status, 'act_power'));
  give(meter.apparent, status.total_aprt_power ?? sumOf(status, 'aprt_power'));
  give(meter.current, status.total_current ?? sumOf(status, 'current'));
  const live = PHASES[livePhase(PHASES.map((phase) => numberOf(status[`${phase}_voltage`])))];
  give(meter.voltage, status[`${live}_voltage`], 1, 'first');
  give(meter.frequency, status[`${live}_freq`], 1, 'first');
}

function readSingle(meter: MeterMetrics, status: Record<string, unknown>, give: Give): void {
  give(meter.power, status.apower ?? status.act_power);
  give(meter.apparent, status.aprt_power);
  give(meter.current, status.current);
  give(meter.voltage, status.voltage, 1, 'first');
  give(meter.frequency, status.freq, 1, 'first');
  give(meter.total, asObject(status.aenergy)?.total, WH);
  give(meter.returned, asObject(status.ret_aenergy)?.total, WH);
}

/** Only where all three phases are told. */
function sumOf(status: Record<string, unknown>, field: string): number | undefined {
  let sum = 0;
  for (const phase of PHASES) {
    const value = numberOf(status[`${phase}_${field}`]);
    if (value === null) return undefined;
    sum += value;
  }
  return Number(sum.toPrecision(12));
}
