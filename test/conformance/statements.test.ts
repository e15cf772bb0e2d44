import { serveBrokerUnderTest } from './broker-under-test.ts';
import './statements/connect.ts';
import './statements/flow-control.ts';
import './statements/malformed.ts';
import './statements/properties.ts';
import './statements/qos.ts';
import './statements/retained.ts';
import './statements/sessions.ts';
import './statements/shared-subscriptions.ts';
import './statements/subscribing.ts';
import './statements/wills.ts';

/**
 * The normative statements of MQTT 3.1.1 and 5.0, by their numbers: one appliance for all of them, side by side, since most of
 * what they do is waiting. Clients and topics of one are unknown to the others.
 */
serveBrokerUnderTest();
