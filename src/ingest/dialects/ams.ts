import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * Nordic and other smart meters over amsleser (UtilitechAS/amsreader-firmware): one object with the meter's values under
 * `data`, or one value a topic. After its wiki: `P` is bought and `PO` sold, in W; `tPI` and `tPO` in kWh.
 */
const objects = namedValues({
  name: 'ams',
  reason: 'a smart meter as an AMS reader writes it',
  telling: ['tPI', 'tPO'],
  anyDepth: true,
  fields: {
    P: half('gridPower', 1),
    PO: half('gridPower', -1),
    U1: whole('gridVoltage'),
    'I#': add('gridCurrent'),
    tPI: whole('totalGridImport'),
    tPO: whole('totalGridExport'),
  },
});

/** Its raw topics: `<base>/meter/import/active` and so on, one plain value a message. */
const topics = new FieldTable({
  'meter/import/active': half('gridPower', 1),
  'meter/export/active': half('gridPower', -1),
  'import/active/accumulated': whole('totalGridImport'),
  'export/active/accumulated': whole('totalGridExport'),
  'meter/l#/voltage': first('gridVoltage'),
  'meter/l#/current': add('gridCurrent'),
  'realtime/import/day': whole('dailyGridImport'),
  'realtime/export/day': whole('dailyGridExport'),
});
const raw: Recognition = { sureness: 0.85, reason: 'topics of an AMS reader' };
const pathOf = (message: MessageView) => `${message.tail(2)}/${message.tail(1)}/${message.tail(0)}`;
const LAST = /^(active|accumulated|voltage|current|day)$/;

export const dialect: Dialect = {
  name: 'ams',

  recognise(message, context) {
    if (message.looksLikeData || !LAST.test(message.tail(0))) return objects.recognise(message, context);
    return message.segments.length > 3 && topics.has(pathOf(message)) ? raw : null;
  },

  interpret(message, context) {
    if (message.looksLikeData || !topics.has(pathOf(message))) return objects.interpret(message, context);
    if (message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    topics.take(draft, pathOf(message), message.text);
    return draft.finish(null, true);
  },
};
