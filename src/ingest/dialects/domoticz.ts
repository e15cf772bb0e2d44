import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, half } from '../field-table.ts';

/**
 * A smart meter that Domoticz passes on (`domoticz/out`): `dtype` P1 Smart Meter with `svalue1` to `svalue6`, the two tariffs
 * bought and sold in Wh, then the power bought and sold in W. After the Domoticz wiki (MQTT, P1 smart meter). Its other
 * devices are not told apart well enough.
 */
const certain: Recognition = { sureness: 0.9, reason: 'a smart meter of Domoticz' };
const WH = 0.001;
const FIELDS = {
  svalue1: add('totalGridImport', { by: WH }),
  svalue2: add('totalGridImport', { by: WH }),
  svalue3: add('totalGridExport', { by: WH }),
  svalue4: add('totalGridExport', { by: WH }),
  svalue5: half('gridPower', 1),
  svalue6: half('gridPower', -1),
};

export const dialect: Dialect = {
  name: 'domoticz',

  recognise(message) {
    if (!message.looksLikeObject || !message.text?.includes('"P1 Smart Meter"')) return null;
    return message.json?.dtype === 'P1 Smart Meter' && 'svalue6' in message.json ? certain : null;
  },

  interpret(message, context) {
    const { json } = message;
    if (json?.stype !== 'Energy') return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    for (const [name, field] of Object.entries(FIELDS))
      draft.take(field, json[name], { id: field.side === undefined ? name : '', order: 0 });
    return draft.finish();
  },
};
