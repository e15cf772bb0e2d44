import { takeBare } from '../announced/announced-bare.ts';
import { isKnownUnit, learnAnnouncedPack } from '../announced/announced-capacity.ts';
import { entitiesOf, isConfig, isOwn, settingTopics, stateTopic } from '../announced/announced-entities.ts';
import {
  hearAnnounced,
  measuredBy,
  ownerOf,
  placesOfAnnounced,
  proofOf,
  signOf,
} from '../announced/announced-signs.ts';
import { announcedValue, DRAWN } from '../announced/announced-value.ts';
import type { AnnouncedBare, AnnouncedValue, Announcements } from '../announced/announcements.ts';
import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';
import { textMark } from '../payload/text-mark.ts';
import { mayBeSockets } from '../plain/plain-mains.ts';
import { takeSettled } from '../signs/settled-values.ts';
import type { SignProofs } from '../signs/sign-proof.ts';

/**
 * Home Assistant's MQTT discovery as input: a device that announces its entities under `<prefix>/<component>/.../config`
 * is read by what it announced (state topic, unit, device class, value template). Full and abbreviated keys, `~` as base
 * topic, one entity or a whole device (`cmps`) a message; an empty payload withdraws. What was announced is remembered in
 * the context's announcements. After home-assistant.io (MQTT, MQTT discovery).
 */
const config: Recognition = { sureness: 0.95, reason: 'an announcement of Home Assistant discovery' };
const announced: Recognition = { sureness: 0.55, reason: 'announced by Home Assistant discovery' };
/** A little surer, so that the proof is shown. */
const PROVEN = 0.56;
/** Surer than any family is of a name: whoever announced a topic knows best what it is. */
const setting: Recognition = { sureness: 0.96, reason: 'a setting, as Home Assistant discovery announced it' };
const birth: Recognition = { sureness: 0.9, reason: 'the status of Home Assistant' };

export const dialect: Dialect = {
  name: 'home-assistant',

  recognise(message, context) {
    if (isConfig(message)) return message.payload.length === 0 || message.looksLikeObject ? config : null;
    if (message.topic === 'homeassistant/status') return birth;
    if (!context.memory?.announcements.knows(message.topic)) return null;
    if (isSetting(message, context)) return setting;
    const proof = proofOf(context.memory, message.topic);
    return proof === null ? announced : { sureness: PROVEN, reason: `${announced.reason}; ${proof}` };
  },

  interpret(message, context) {
    const announcements = context.memory?.announcements;
    if (isConfig(message)) {
      // Ampra's own come back where two brokers are joined; taking them would feed it with itself.
      if (isOwn(message)) return nothingMeasured();
      if (announcements) takeConfig(message, announcements);
      return { ...nothingMeasured(), isAnnouncement: true };
    }
    if (isSetting(message, context)) return nothingMeasured();
    const values = announcements?.at(message.topic) ?? [];
    const bare = announcements?.bareAt(message.topic) ?? [];
    if (values.length + bare.length === 0 || message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const { role = 'system' } = context;
    const isElsewhere = ({ orBare, onlyAt = role, isOfMeter }: AnnouncedValue) =>
      onlyAt !== role || orBare?.onlyAt === role || (isOfMeter === true && role !== 'grid' && role !== 'system');
    const taken = values.filter(
      (value) => announcements?.leads(value) && announcements.isSure(value) && !isElsewhere(value),
    );
    const signs = context.memory?.parts.signs;
    if (signs) hearAnnounced(signs, taken, message, context.isDark);
    if (context.memory) learnAnnouncedPack(taken, message, context.memory.parts.packs);
    // Parts first, so that a total of the same message has the last word.
    for (const value of taken.sort((a, b) => a.part.rank - b.part.rank)) readValue(draft, value, message, signs);
    takeSettled(draft, signs, placesOfAnnounced(taken), message);
    takeBare(draft, bare, message, context);
    return draft.finish(null, values.length < 3);
  },
};

function readValue(draft: Draft, value: AnnouncedValue, message: MessageView, signs: SignProofs | undefined): void {
  if (value.metric === 'operatingMode' || value.metric === 'deviceStatus') return;
  const measured = measuredBy(value, message);
  const sign = signOf(value, signs, message.receivedAt);
  if (measured === null || sign === null) return;
  if (!isKnownUnit(value, measured, draft.context.memory?.parts.packs)) return;
  const { part, side } = value;
  const metric = (value.isDraw && draft.context.role === 'grid' && DRAWN[value.metric]) || value.metric;
  if (value.isBareOfPanels && mayBeSockets(metric, measured * value.factor, value.deviceId, draft.context)) return;
  const field = { to: metric, by: value.factor * sign, ...(part.how !== 'own' && { how: part.how }), rank: part.rank };
  const owner = ownerOf(value);
  const which = { id: side === null ? value.uniqueId : owner, order: part.order, owner };
  draft.take(side === null ? field : { ...field, side }, measured, which);
}

/** What is set stands alone on its topic; an object beside it holds measurements, too. */
const isSetting = (message: MessageView, { memory }: DialectContext): boolean =>
  !message.looksLikeData && memory?.announcements.isSetting(message.topic) === true;

function takeConfig(message: MessageView, announcements: Announcements): void {
  const mark = textMark(message.text ?? '');
  if (announcements.isAgain(message.topic, mark)) return;
  if (!message.json) {
    announcements.withdraw(message.topic);
    return;
  }
  const values: AnnouncedValue[] = [];
  const bare: AnnouncedBare[] = [];
  const topics = new Set<string>();
  const settings = new Set<string>();
  for (const one of entitiesOf(message)) {
    const topic = stateTopic(one);
    if (topic !== null) topics.add(topic);
    for (const set of settingTopics(one)) settings.add(set);
    const value = topic !== null && one.component === 'sensor' ? announcedValue(one.entity, topic, message) : null;
    if (value && 'unit' in value) bare.push(value);
    else if (value) values.push(value);
    if (value && 'orBare' in value && value.orBare) bare.push(value.orBare);
  }
  announcements.announce(message.topic, { values, bare, topics, settings, mark });
}
