import type { HouseBroker } from './house-broker.ts';

/**
 * What suites that test brokers from outside try, told anew: strangers with their own client ids and topics, in open access.
 * A Mosquitto goes through the same, so that a scenario which no broker could pass is noticed; `ampraAlone` says where it fails.
 */
export interface Scenario {
  name: string;
  /** What Debian's Mosquitto 2.0.11 does instead. */
  ampraAlone?: string;
  run(house: HouseBroker, names: Names): Promise<void>;
}

/** What a scenario calls its clients and topics; scenarios side by side do not meet. */
export function namesOf(scenario: number) {
  const under = (topic: string) => `s${scenario}/${topic}`;
  return {
    one: { clientId: `myclientid-${scenario}` },
    two: { clientId: `myclientid2-${scenario}` },
    under,
    ...{ plain: under('TopicA'), inner: under('TopicA/B'), other: under('Topic/C'), third: under('TopicA/C') },
    ...{ slashed: under('/TopicA'), topicA: under('TopicA/+'), allOfA: under('TopicA/#') },
  };
}
/** Those names. */
export type Names = ReturnType<typeof namesOf>;
