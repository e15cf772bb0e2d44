import type { Source } from '../../sources/source.ts';
import type { Connection, ConnectionState, ConnectionTraffic } from './connection.ts';

/** A connection with all there is to show. */
export interface ShownConnection {
  connection: Connection;
  source: Source;
  state: ConnectionState;
  traffic: ConnectionTraffic;
}

/** What a trial heard. */
export interface TrialOutcome {
  isConnected: boolean;
  /** Why not, or why it ended early. */
  trouble: { reason: string; hint: string } | null;
  messages: number;
  /** Device families, the most messages first. */
  dialects: { name: string; reason: string; messages: number }[];
  /** The first topics, in order. */
  topics: { topic: string; dialect: string | null }[];
  /** Different topics heard, also beyond those listed. */
  topicCount: number;
}
