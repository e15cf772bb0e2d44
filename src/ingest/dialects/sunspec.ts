import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, type Field, numberOf } from '../field-draft.ts';
import { first, whole } from '../field-table.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * Inverters by the names of SunSpec's models 101 to 113, with the powers of ten that stand beside (`W` and `W_SF`) or without
 * them, when a bridge has applied them already. W, V, A, Hz, Wh and degrees Celsius. Without scale factors, what no mains has
 * (5001 Hz) is a register, and nothing of it is read. After the SunSpec Information Model Specification.
 */
const WH = 0.001;
const FIELDS: Record<string, { field: Field; scale: string }> = {
  W: { field: whole('solarPower'), scale: 'W_SF' },
  DCW: { field: whole('solarPower', { rank: 1 }), scale: 'DCW_SF' },
  WH: { field: whole('totalEnergyProduced', { by: WH }), scale: 'WH_SF' },
  PhVphA: { field: first('gridVoltage'), scale: 'V_SF' },
  Hz: { field: whole('gridFrequency'), scale: 'Hz_SF' },
  A: { field: whole('gridCurrent'), scale: 'A_SF' },
  DCV: { field: first('solarVoltage'), scale: 'DCV_SF' },
  DCA: { field: whole('solarCurrent'), scale: 'DCA_SF' },
  TmpCab: { field: first('inverterTemperature'), scale: 'Tmp_SF' },
};
const TELLING = ['DCW', 'DCV', 'TmpCab', 'PhVphA'];
const LEAST_TELLING = 2;
const [MOST_SCALE, MOST_HZ, MOST_V] = [6, 70, 1000];
const certain: Recognition = { sureness: 0.8, reason: 'names of a SunSpec inverter' };

export const dialect: Dialect = {
  name: 'sunspec',

  recognise(message) {
    if (!message.looksLikeObject || !message.text?.includes('DC')) return null;
    const { names } = message.leaves;
    const isOwn = TELLING.filter((name) => names.has(name)).length >= LEAST_TELLING && names.has('W');
    return isOwn && names.has('Hz') ? certain : null;
  },

  interpret(message: MessageView, context: DialectContext) {
    const draft = new Draft(context, message.receivedAt);
    const values = valuesOf(message);
    // Registers as they are: by how much they are to be divided is said nowhere.
    const isRaw = (values.get('Hz') ?? 0) > MOST_HZ || (values.get('PhVphA') ?? 0) > MOST_V;
    if (isRaw) return draft.finish();
    for (const [name, value] of values) {
      const { field } = FIELDS[name] ?? {};
      if (field) draft.take(field, value);
    }
    return draft.finish();
  },
};

/** The values that have a place, with their powers of ten. */
function valuesOf({ leaves }: MessageView): Map<string, number> {
  const values = new Map<string, number>();
  for (const [path, raw] of leaves.byPath) {
    const cut = path.lastIndexOf('.') + 1;
    const name = path.slice(cut);
    const known = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    const value = known && numberOf(raw);
    if (!known || typeof value !== 'number' || values.has(name)) continue;
    const scale = numberOf(leaves.byPath.get(path.slice(0, cut) + known.scale));
    // -32768: no scale factor.
    if (scale !== null && Math.abs(scale) > MOST_SCALE) continue;
    values.set(name, Number((value * 10 ** (scale ?? 0)).toPrecision(12)));
  }
  return values;
}
