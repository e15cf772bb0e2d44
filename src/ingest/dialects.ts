import type { Dialect, DialectContext, IncomingMessage, Interpretation, Recognition } from './dialect.ts';
import { deviceDialects } from './dialects/index.ts';
import { ownFormat } from './own-format.ts';
import { MessageView } from './payload/message-view.ts';

/** Every device family that Ampra understands: its own format, and one file each in `dialects/`. */
export const dialects: readonly Dialect[] = [ownFormat, ...deviceDialects];

/** No device has a longer topic; MQTT allows 65,535 bytes, in which words would be looked for. */
const LONGEST_TOPIC = 1024;

/** Whose a message is, as sure as somebody is; null when nobody knows it. */
export function recogniseMessage(
  view: MessageView,
  context: DialectContext,
  known: readonly Dialect[] = dialects,
): { dialect: Dialect; recognition: Recognition } | null {
  if (view.topic.length > LONGEST_TOPIC) return null;
  return (
    surestOf(known, (dialect) => !dialect.isLastResort, view, context) ??
    surestOf(known, (dialect) => dialect.isLastResort === true, view, context)
  );
}

function surestOf(
  known: readonly Dialect[],
  isAsked: (dialect: Dialect) => boolean,
  view: MessageView,
  context: DialectContext,
): { dialect: Dialect; recognition: Recognition } | null {
  let best: Dialect | null = null;
  let surest: Recognition | null = null;
  for (const dialect of known) {
    if (!isAsked(dialect)) continue;
    const recognition = dialect.recognise(view, context);
    if (recognition === null || recognition.sureness <= (surest?.sureness ?? 0)) continue;
    best = dialect;
    surest = recognition;
    if (surest.sureness >= 1) break;
  }
  return best && surest ? { dialect: best, recognition: surest } : null;
}

/** What the dialect that is surest of the message makes of it, and why it is sure; null when none knows it. */
export function interpretMessage(
  message: IncomingMessage,
  context: DialectContext,
  known: readonly Dialect[] = dialects,
): { dialect: string; recognition: Recognition; interpretation: Interpretation } | null {
  return interpretView(new MessageView(message), context, known);
}

/** The same of a message that was looked at already. */
export function interpretView(
  view: MessageView,
  context: DialectContext,
  known: readonly Dialect[],
): { dialect: string; recognition: Recognition; interpretation: Interpretation } | null {
  const found = recogniseMessage(view, context, known);
  if (found === null) return null;
  const { dialect, recognition } = found;
  context.memory?.parts.turnTo(view.topic, dialect.name);
  return { dialect: dialect.name, recognition, interpretation: dialect.interpret(view, context) };
}
