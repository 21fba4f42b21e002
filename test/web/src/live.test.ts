import { expect, it } from '@jest/globals';
import { follow } from '../../../web/src/live.ts';

/** A clock that runs when it is told to, and a stream that says what it is told to. */
function standIns({ isHidden = false } = {}) {
  const waiting: { readonly work: () => void; readonly milliseconds: number }[] = [];
  const stream = { event: () => {}, refused: () => {}, isClosed: false };
  return {
    waiting,
    stream,
    pass: () => {
      for (const { work } of waiting.splice(0)) work();
    },
    ports: {
      openStream(on: { event(): void; refused(): void }) {
        stream.event = on.event;
        stream.refused = on.refused;
        return {
          close: () => {
            stream.isClosed = true;
          },
        };
      },
      wait(work: () => void, milliseconds: number) {
        const entry = { work, milliseconds };
        waiting.push(entry);
        return () => void waiting.splice(waiting.indexOf(entry), 1);
      },
      isHidden: () => isHidden,
    },
  };
}

it('tells of many events once, a second later', () => {
  const { ports, stream, pass, waiting } = standIns();
  let told = 0;
  follow('events', ports).onChange(() => told++);
  for (let event = 0; event < 50; event++) stream.event();
  expect([told, waiting.map(({ milliseconds }) => milliseconds)]).toEqual([0, [1000]]);
  pass();
  expect(told).toBe(1);
});

it('asks again and again where the stream is refused', () => {
  const { ports, stream, pass, waiting } = standIns();
  let told = 0;
  follow('events', ports).onChange(() => told++);
  stream.refused();
  pass();
  pass();
  expect([told, waiting.map(({ milliseconds }) => milliseconds)]).toEqual([2, [4000]]);
});

it('asks seldom while nobody looks', () => {
  const { ports, waiting } = standIns({ isHidden: true });
  follow('poll', ports);
  expect(waiting.map(({ milliseconds }) => milliseconds)).toEqual([30_000]);
});

it('ends with all that waits', () => {
  const { ports, stream, waiting } = standIns();
  const live = follow('events', ports);
  stream.event();
  live.close();
  expect([stream.isClosed, waiting]).toEqual([true, []]);
});
