import { idByName } from '../announced/entity-name.ts';
import { asObject, MessageView } from '../payload/message-view.ts';

/** What of a hub's event is its value, and what it calls it. */
interface Wrapped {
  /** The levels of a topic that such a value would have of its own. */
  path: string;
  value: string | number;
  unit: string;
  deviceClass?: unknown;
  stateClass?: unknown;
}

const ENTITY = /^sensor\.([a-z\d_]{1,120})$/;
/** Jeedom's events: `[Garage][Onduleur][Puissance PV]`. */
const LEVEL = /\[([^\]]{1,60})\]/g;
const EVENT_NUMBER = /\/\d+$/;
const known = new WeakMap<MessageView, MessageView>();

/** A hub's event about one value as if that had come by a topic of its own; any other message itself. */
export function unwrapped(message: MessageView): MessageView {
  if (!message.looksLikeObject) return message;
  const found = known.get(message) ?? withOwnTopic(message);
  known.set(message, found);
  return found;
}

function withOwnTopic(message: MessageView): MessageView {
  const { json, topic, receivedAt, isRetained } = message;
  const wrapped = json && (ofHomeAssistant(json) ?? ofJeedom(json) ?? ofNodeRed(json) ?? ofTelegraf(json));
  if (!wrapped) return message;
  const { path, value, unit, deviceClass: device_class, stateClass: state_class } = wrapped;
  const payload = new TextEncoder().encode(JSON.stringify({ value, unit, device_class, state_class }));
  const above = topic.replace(EVENT_NUMBER, '');
  return new MessageView({ receivedAt, isRetained, payload, topic: above.endsWith(path) ? above : `${above}/${path}` });
}

/** A state as Home Assistant writes it, or the event of its change. */
function ofHomeAssistant(json: Record<string, unknown>): Wrapped | null {
  const data = asObject(json.event_data) ?? asObject(json.data) ?? json;
  const state = asObject(data.new_state) ?? data;
  const [, name] = typeof state.entity_id === 'string' ? (ENTITY.exec(state.entity_id) ?? []) : [];
  const {
    unit_of_measurement: unit,
    device_class: deviceClass,
    state_class: stateClass,
    friendly_name: called,
  } = asObject(state.attributes) ?? {};
  return name === undefined || !isPlain(state.state) || typeof unit !== 'string'
    ? null
    : {
        path: (typeof called === 'string' ? idByName(name, called) : null) ?? name,
        ...{ value: state.state, unit, deviceClass, stateClass },
      };
}

function ofJeedom({ humanName, value, unite }: Record<string, unknown>): Wrapped | null {
  if (typeof humanName !== 'string' || typeof unite !== 'string' || !isPlain(value)) return null;
  const levels = [...humanName.matchAll(LEVEL)].map(([, level = '']) => level.replaceAll('/', ' '));
  return levels.length === 0 ? null : { path: levels.join('/'), value, unit: unite };
}

/** Node-RED's message as a whole. */
const ofNodeRed = ({ _msgid: id, topic, payload }: Record<string, unknown>): Wrapped | null =>
  typeof id === 'string' && typeof topic === 'string' && topic !== '' && isPlain(payload)
    ? { path: topic, value: payload, unit: '' }
    : null;

/** A Telegraf metric of one value. */
function ofTelegraf({ fields, name, tags }: Record<string, unknown>): Wrapped | null {
  const value = asObject(fields)?.value;
  return typeof name === 'string' && name !== '' && asObject(tags) && isPlain(value)
    ? { path: name, value, unit: '' }
    : null;
}

const isPlain = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
