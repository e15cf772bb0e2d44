import { ORIGIN } from '../home-assistant/announced-device.ts';
import { asObject, type MessageView } from '../payload/message-view.ts';
import { components, isShown } from './entity-kinds.ts';

type Raw = Record<string, unknown>;

/** One entity of an announcement, with full keys. */
export interface AnnouncedEntity {
  /** `sensor`, `number` ... */
  component: string;
  entity: Raw;
}

const CONFIG = new RegExp(`^[^/]+/(${components.join('|')})/(?:[^/]+/){1,2}config$`);
const ABBREVIATED: Record<string, string> = {
  ...{ stat_t: 'state_topic', uniq_id: 'unique_id', dev_cla: 'device_class', unit_of_meas: 'unit_of_measurement' },
  ...{
    val_tpl: 'value_template',
    stat_cla: 'state_class',
    dev: 'device',
    obj_id: 'object_id',
    cmps: 'components',
    o: 'origin',
  },
  ...{
    p: 'platform',
    ids: 'identifiers',
    mf: 'manufacturer',
    mdl: 'model',
    name: 'name',
    def_ent_id: 'default_entity_id',
  },
};
/** Ends of keys that name a topic, in full and short. */
const [TOPIC, COMMAND] = [/_(topic|t)$/, /(^|_)(command_topic|cmd_t)$/];
/** Topics that say nothing of what is set. */
const OTHER_TOPIC = /^(availability|avty|json_attributes|json_attr|entity_picture|url|image|latest_version|l_ver)/;
const MOST_ENTITIES = 500;

/** True for a topic under which something is announced. */
export const isConfig = (message: MessageView): boolean => message.tail(0) === 'config' && CONFIG.test(message.topic);

/** What a message announces: itself, or the components of a device with what they have in common. */
export function entitiesOf(message: MessageView): AnnouncedEntity[] {
  const json = message.json && unabbreviated(message.json);
  if (!json) return [];
  const component = message.segments[1] ?? '';
  const components = asObject(json.components);
  if (component !== 'device' || !components) return [{ component, entity: json }];
  const all = Object.values(components).flatMap((raw): AnnouncedEntity[] => {
    const own = asObject(raw);
    if (!own) return [];
    const entity = unabbreviated(own);
    const { '~': base, state_topic, command_topic, device } = json;
    const whole = { '~': base, state_topic, command_topic };
    return [{ component: textOf(entity.platform), entity: { ...whole, ...entity, device } }];
  });
  return all.slice(0, MOST_ENTITIES);
}

/** True when Ampra itself announced it. */
export function isOwn(message: MessageView): boolean {
  return asObject(message.json && unabbreviated(message.json).origin)?.name === ORIGIN;
}

export const stateTopic = ({ entity }: AnnouncedEntity): string | null => topicAt(entity, 'state_topic');

/** Under which topics what is set stands alone: there no value is a measurement. */
export function settingTopics({ component, entity }: AnnouncedEntity): string[] {
  if (isShown(component)) return [];
  return Object.keys(entity).flatMap((key) => {
    if (!TOPIC.test(key) || OTHER_TOPIC.test(key)) return [];
    const isPicked = !COMMAND.test(key) && isTemplate(entity.value_template);
    return isPicked ? [] : (topicAt(entity, key) ?? []);
  });
}

const isTemplate = (template: unknown): boolean => /value_json/.test(textOf(template));

function topicAt(entity: Raw, key: string): string | null {
  const topic = entity[key];
  if (typeof topic !== 'string' || topic === '') return null;
  const base = typeof entity['~'] === 'string' ? entity['~'] : '';
  if (topic.startsWith('~')) return base + topic.slice(1);
  return topic.endsWith('~') ? topic.slice(0, -1) + base : topic;
}

export function unabbreviated(json: Raw): Raw {
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [Object.hasOwn(ABBREVIATED, key) ? ABBREVIATED[key] : key, value]),
  );
}

/** A text of a config, not too long to look at. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 300) : '');
