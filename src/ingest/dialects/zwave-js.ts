import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { meterMetrics } from '../meter-role.ts';

/**
 * Meters and plugs of Z-Wave JS UI: `<base>/<node>/50/<endpoint>/value/<property>`, or
 * `.../meter/endpoint_<n>/value/<property>` where topics have names, the number plain or as `{"value"}`. 50 is
 * the meter command class, the property says meter type and scale (Z-Wave Application CC, Meter CC table; zwave-js composes
 * them bit by bit): 65537 kWh, 66049 W, 66561 V, 66817 A of an electric meter.
 */
const METER_CLASS = /^(50|meter)$/;
const PROPERTIES = { '65537': 'total', '66049': 'power', '66561': 'voltage', '66817': 'current' } as const;
const certain: Recognition = { sureness: 0.9, reason: 'a meter of Z-Wave JS' };

export const dialect: Dialect = {
  name: 'zwave-js',

  recognise(message) {
    return message.tail(1) === 'value' && METER_CLASS.test(message.tail(3)) && message.tail(0) in PROPERTIES
      ? certain
      : null;
  },

  interpret(message, context) {
    const what = PROPERTIES[message.tail(0) as keyof typeof PROPERTIES];
    const to = what && meterMetrics(context.role, 'load')[what];
    if (!to || message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const how = what === 'voltage' ? ('first' as const) : ('sum' as const);
    draft.take({ to, how, rank: 2 }, message.scalar, { id: message.base(2), order: 0 });
    return draft.finish(null, true);
  },
};
