import { TestBroker } from './test-broker.ts';

/** A broker in a process of its own, for tests that kill it. Prints its port. */
const dir = process.argv[2];
if (!dir) throw new Error('name the folder');
const broker = await new TestBroker({ dir }).start();
console.log(broker.port);
