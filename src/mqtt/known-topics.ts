import { Reason } from './reason-codes.ts';
import { DOLLAR, topicProblem } from './topics.ts';
import { decodeText, ProtocolError } from './wire.ts';

/** A topic as a client uses it, judged once. */
export interface KnownTopic {
  text: string;
  bytes: Buffer;
  isAllowed: boolean;
}

export interface KnownTopicsOptions {
  /** Aliases that the client may use (MQTT 5.0, section 3.3.2.3.4). */
  aliasMaximum: number;
  mayPublish(topic: string): boolean;
}

const KNOWN_TOPICS = 256;

/** The topics that one client publishes to, and the short names that it gave them. */
export class KnownTopics {
  private readonly topics = new Map<string, KnownTopic>();
  private readonly aliases = new Map<number, KnownTopic>();
  private last: KnownTopic | null = null;

  constructor(private readonly options: KnownTopicsOptions) {}

  /** The topic of a PUBLISH; `alias` is 0 where it names none. Throws a ProtocolError. */
  read(bytes: Buffer, start: number, end: number, alias: number): KnownTopic {
    if (alias > this.options.aliasMaximum)
      throw new ProtocolError(`topic alias ${alias} is too large`, Reason.topicAliasInvalid);
    if (start === end) {
      const known = alias > 0 ? this.aliases.get(alias) : undefined;
      if (known) return known;
      throw alias > 0
        ? new ProtocolError(`topic alias ${alias} is unknown`, Reason.protocolError)
        : new ProtocolError('the topic is empty', Reason.protocolError);
    }
    const topic = this.knownTopic(bytes, start, end);
    if (alias > 0) this.aliases.set(alias, topic);
    return topic;
  }

  /** A client uses few topics: each is decoded and judged once. */
  private knownTopic(bytes: Buffer, start: number, end: number): KnownTopic {
    const { last } = this;
    if (last && end - start === last.bytes.length && bytes.compare(last.bytes, 0, last.bytes.length, start, end) === 0)
      return last;
    const text = decodeText(bytes.subarray(start, end));
    let topic = this.topics.get(text);
    if (!topic) {
      const problem = topicProblem(text);
      if (problem) throw new ProtocolError(problem, Reason.topicInvalid);
      const isAllowed = text.charCodeAt(0) !== DOLLAR && this.options.mayPublish(text);
      topic = { text, bytes: Buffer.from(bytes.subarray(start, end)), isAllowed };
      if (this.topics.size >= KNOWN_TOPICS) this.topics.clear();
      this.topics.set(text, topic);
    }
    this.last = topic;
    return topic;
  }
}
