import { expect, test } from 'bun:test';
import { FakeClock } from '../../testing/app.ts';
import { TurnedAwayMemory } from './turned-away-service.ts';

test('a device that tries again and again is told once, and forgotten after an hour', () => {
  const clock = new FakeClock();
  const memory = new TurnedAwayMemory(clock);
  const told: string[] = [];
  const stop = memory.onChange((id) => told.push(id));
  for (let i = 0; i < 50; i++) memory.wrongKey('s1', '10.0.0.9');
  expect(told).toEqual(['s1']);
  memory.wrongTopic('s1', `ampra/${'x'.repeat(5000)}`);
  expect(told).toHaveLength(2);
  expect(memory.noteOf('s1')?.topic).toHaveLength(120);
  clock.advance(3_600_000);
  expect(memory.noteOf('s1')).toBeNull();
  memory.wrongKey('s1', '10.0.0.9');
  memory.forget('s1');
  expect(memory.noteOf('s1')).toBeNull();
  stop();
  memory.wrongKey('s1', '10.0.0.9');
  expect(told).toHaveLength(4);
});
