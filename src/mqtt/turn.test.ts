import { describe, expect, test } from 'bun:test';
import { TalkShare } from './talk-share.ts';
import { Turn } from './turn.ts';

function talkers(count: number) {
  const state = { now: 0 };
  const talk = new TalkShare(() => state.now);
  const turns = Array.from({ length: count }, () => {
    const turn: Turn = new Turn(
      talk,
      () => undefined,
      () => undefined,
    );
    return turn;
  });
  return { state, turns };
}

describe('talk', () => {
  test('of one client who says little never waits, however much others say', () => {
    const { state, turns } = talkers(2);
    const [loud, calm] = turns as [Turn, Turn];
    for (; state.now < 5000; state.now += 10) {
      if (!loud.isOver) loud.countTalk(10);
      if (state.now % 100 === 0) calm.countTalk(0.2);
      expect(calm.isOver).toBeFalse();
    }
    expect(loud.isOver).toBeTrue();
    loud.stop();
  });

  test('at once is heard, as programs that subscribe to hundreds of filters do', () => {
    const { turns } = talkers(1);
    for (let i = 0; i < 20; i++) turns[0]?.countTalk(4);
    expect(turns[0]?.isOver).toBeFalse();
  });

  test('of many who go on and on takes a fifth of the time', async () => {
    const talk = new TalkShare();
    let said = 0;
    const speak = (turn: Turn) => {
      while (!turn.isOver) {
        said += 4;
        turn.countTalk(4);
      }
    };
    const turns = Array.from({ length: 20 }, () => {
      const turn: Turn = new Turn(
        talk,
        () => undefined,
        () => speak(turn),
      );
      return turn;
    });
    for (const turn of turns) speak(turn);
    await Bun.sleep(2000);
    for (const turn of turns) turn.stop();
    // What may be said at once, and of the two seconds a fifth.
    expect(said).toBeGreaterThan(400);
    expect(said).toBeLessThan(1000);
  });
});
