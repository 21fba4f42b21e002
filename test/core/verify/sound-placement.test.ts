import { describe, expect, it } from '@jest/globals';
import { levelReader, STEP_SECONDS } from '../../../core/quality/sound-levels.ts';
import { soundChecks, uncheckedSounds } from '../../../core/verify/sound-checks.ts';
import { placeSound } from '../../../core/verify/sound-placement.ts';

/** How loud a sound is by its moments, in seconds. */
const sound = (seconds: number, energy: (at: number) => number, fromSeconds = 0) => ({
  fromSeconds,
  energies: Float32Array.from({ length: Math.round(seconds / STEP_SECONDS) }, (_, i) => energy(i * STEP_SECONDS)),
});

/** Words of uneven length and loudness, from noise that is the same every time. */
const speech = (at: number) => (wave(at * 1.7) + wave(at * 4.3) > 0.2 ? 0.02 * (1.2 + wave(at * 11)) : 1e-6);
const wave = (at: number) => Math.sin(at * 2 * Math.PI + 3 * Math.sin(at * 0.7));
const steady = () => 0.05;
const beep = (at: number) => (at >= 8 && at < 8.2 ? 0.1 : 0);

type Levels = ReturnType<typeof sound>;
const placed = (source: Levels, made: Levels, timeFactor = 1) =>
  placeSound(levelReader(source, 0, timeFactor), levelReader(made, 0));
const passed = (placement: ReturnType<typeof placeSound>) =>
  placement.kind === 'compared' && placement.moments.every((moment) => moment.passed);

describe('sound in its place', () => {
  it.each([
    { what: 'speech', source: sound(60, speech), made: sound(60, speech) },
    { what: 'speech at another level', source: sound(60, speech), made: sound(60, (at) => speech(at) / 5) },
    { what: 'speech under noise of a codec', source: sound(60, speech), made: sound(60, (at) => speech(at) + 2e-5) },
    { what: 'a beep in silence', source: sound(10, beep), made: sound(10, beep) },
    { what: 'half a second', source: sound(0.5, speech), made: sound(0.5, speech) },
    { what: 'a steady tone that ends', source: sound(20, steady), made: sound(20, steady) },
    { what: 'sound that begins late', source: sound(20, speech, 1.5), made: sound(20, speech, 1.5) },
    {
      what: 'a tremolo',
      source: sound(20, (at) => 0.1 * (1.1 + wave(0)) * (at % 0.25 < 0.1 ? 1 : 0.01)),
      made: sound(20, (at) => 0.1 * (1.1 + wave(0)) * (at % 0.25 < 0.1 ? 1 : 0.01)),
    },
  ])('is found there: $what', ({ source, made }) => {
    expect(passed(placed(source, made))).toBe(true);
  });

  it('is found where retiming has it', () => {
    expect(
      passed(
        placed(
          sound(48, speech),
          sound(50, (at) => speech((at * 24) / 25)),
          25 / 24,
        ),
      ),
    ).toBe(true);
    expect(passed(placed(sound(48, speech), sound(48, speech), 25 / 24))).toBe(false);
  });

  it.each([
    {
      what: 'a gap that closed',
      source: sound(20, (at) => (at > 6 && at < 10 ? 0 : speech(at))),
      made: sound(16, (at) => speech(at > 6 ? at + 4 : at)),
    },
    { what: 'a beep behind a gap that closed', source: sound(10, beep), made: sound(6, (at) => beep(at + 4)) },
    { what: 'an encoder delay of 60 ms', source: sound(20, speech), made: sound(20, speech, 0.06) },
    { what: 'an end that is not there', source: sound(20, speech), made: sound(14, speech) },
    {
      what: 'a middle that is silent',
      source: sound(20, speech),
      made: sound(20, (at) => (at > 9 && at < 12 ? 0 : speech(at))),
    },
    {
      what: 'a steady tone with a gap that closed',
      source: sound(20, (at) => (at > 9 && at < 10 ? 0 : 0.1)),
      made: sound(19, steady),
    },
    { what: 'sound that drifts', source: sound(60, speech), made: sound(60, (at) => speech(at * 1.005)) },
    { what: 'silence', source: sound(20, speech), made: sound(20, () => 0) },
    { what: 'another film', source: sound(20, speech), made: sound(20, (at) => speech(300 - at)) },
  ])('is missed: $what', ({ source, made }) => {
    expect(passed(placed(source, made))).toBe(false);
  });

  it('cannot be checked in silence, and no check claims that it is', () => {
    const sounds = [
      {
        stream: 1,
        placement: placed(
          sound(20, () => 0),
          sound(20, () => 0),
        ),
      },
    ];
    expect(soundChecks(sounds)).toEqual([]);
    expect(uncheckedSounds(sounds)).toEqual([expect.stringContaining('it is silent')]);
  });

  it('says which parts tell nothing', () => {
    const rest = (at: number) => (at > 3 && at < 17 ? 0 : speech(at));
    const checks = soundChecks([{ stream: 1, placement: placed(sound(20, rest), sound(20, rest)) }]);
    expect(checks).toEqual([
      expect.objectContaining({ passed: true, detail: expect.stringContaining('its middle is silent') }),
    ]);
  });
});

describe('samples', () => {
  const placement = placed(sound(20, speech), sound(20, speech));
  const check = (source: string[], made: string[]) =>
    soundChecks([{ stream: 1, placement, samples: { source, made, filled: false } }]).at(-1);

  it.each([
    { what: 'every channel is equal', made: ['a', 'b'], equal: true },
    { what: 'one channel is not', made: ['a', 'c'], equal: false },
    { what: 'a channel is lost', made: ['a'], equal: false },
    { what: 'there is one more', made: ['a', 'b', 'c'], equal: false },
    { what: 'channels changed places', made: ['b', 'a'], equal: false },
  ])('are the same: $equal, where $what', ({ made, equal }) => {
    expect(check(['a', 'b'], made)).toMatchObject({ passed: equal });
  });

  it('are not the same where none were read', () => {
    expect(check([], [])).toMatchObject({ passed: false });
  });
});
