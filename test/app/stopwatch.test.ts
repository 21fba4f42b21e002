import { describe, expect, it } from '@jest/globals';
import { type Stopwatch, stopwatch } from '../../app/stopwatch.ts';

/** A stopwatch by a clock that the test sets, in seconds. */
function watchAt() {
  let seconds = 100;
  const watch = stopwatch({ now: () => 0, elapsed: () => seconds * 1000, newId: () => 'id' });
  /** Begins a step; what is given back ends it. */
  const begin = (step: Parameters<Stopwatch['time']>[0]) => {
    let end = () => {};
    const done = watch.time(step, () => new Promise<void>((resolve) => (end = resolve)));
    return () => {
      end();
      return done;
    };
  };
  return { watch, begin, at: (time: number) => (seconds = 100 + time) };
}

describe('the stopwatch', () => {
  it('adds up what was done one after the other', async () => {
    const { watch, begin, at } = watchAt();
    const first = begin('encode');
    at(3);
    await first();
    at(5);
    const second = begin('encode');
    at(6);
    await second();
    expect(watch.timings()).toMatchObject({ total: 6, encode: 4, verify: 0 });
  });

  it('counts a time in which a step went on twice once, so that none is longer than the whole', async () => {
    const { watch, begin, at } = watchAt();
    const first = begin('verify');
    at(2);
    const second = begin('verify');
    const within = begin('verify');
    at(3);
    await within();
    at(6);
    await first();
    at(9);
    await second();
    expect(watch.timings()).toMatchObject({ total: 9, verify: 9 });
  });

  it('says how long one or the other of some steps went on', async () => {
    const { watch, begin, at } = watchAt();
    const encode = begin('encode');
    at(4);
    const verify = begin('verify');
    at(5);
    await encode();
    at(7);
    await verify();
    at(9);
    expect(watch.seconds('encode', 'verify')).toBe(7);
    expect(watch.timings()).toMatchObject({ total: 9, encode: 5, verify: 3 });
  });

  it('counts work that failed', async () => {
    const { watch, at } = watchAt();
    const failed = watch.time('join', async () => {
      at(2);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(watch.timings().join).toBe(2);
  });
});
