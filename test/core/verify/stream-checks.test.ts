import { describe, expect, it } from '@jest/globals';
import { type Fragment, type FragmentMap, fragmentSeconds } from '../../../core/film/fragments.ts';
import { KEY } from '../../../core/film/frame-index.ts';
import type { Evidence, StreamEvidence } from '../../../core/verify/evidence.ts';
import { streamChecks } from '../../../core/verify/stream-checks.ts';
import { SOUND } from '../../fixtures/evidence.ts';
import { indexOf, type Shot } from '../../fixtures/films.ts';

/** Two seconds at 25 fps, a keyframe every 25 frames, in fragments of 10 or fewer. */
const SHOTS: readonly Shot[] = Array.from({ length: 50 }, (_, i) => ({
  content: `${i}`,
  pts: i * 40,
  flags: i % 25 === 0 ? KEY : 0,
}));
const FRAGMENTS: readonly Fragment[] = [0, 10, 20, 25, 35, 45].map((first, i, all) => {
  const frames = (all[i + 1] ?? 50) - first;
  return {
    ...{ start: 1000 + first * 100, end: 1000 + (first + frames) * 100 },
    ...{ startSeconds: first / 25, durationSeconds: frames / 25, keyframe: first % 25 === 0 },
    shown: { from: first / 25, to: (first + frames) / 25 },
    ...{ pictures: frames, sounds: 0 },
  };
});
const MAP: FragmentMap = {
  head: ['ftyp', 'moov', 'sidx'],
  initBytes: 800,
  index: {
    start: 832,
    references: FRAGMENTS.map(({ start, end, keyframe }) => ({ bytes: end - start, startsWithAccessPoint: keyframe })),
  },
  soundIndex: undefined,
  shown: { width: 64, height: 36 },
  fragments: FRAGMENTS,
};
const STREAM: StreamEvidence = { fragments: MAP, delaySeconds: 0, starts: [0], keyframeEvery: 25 };
const seconds = Float64Array.from({ length: 50 }, (_, i) => i / 25);

const evidence = (stream: Partial<StreamEvidence>, shots = SHOTS): Evidence => ({
  ...{ ...SOUND, seconds, stream: { ...STREAM, ...stream } },
  output: { ...SOUND.output, survey: { ...SOUND.output.survey, index: indexOf(shots) } },
});
const failed = (stream: Partial<StreamEvidence>, shots?: readonly Shot[]) =>
  streamChecks(evidence(stream, shots)).flatMap(({ name, passed }) => (passed ? [] : [name]));
const withMap = (changes: Partial<FragmentMap>) => ({ fragments: { ...MAP, ...changes } });
const references = MAP.index?.references ?? [];
const withReferences = (changed: typeof references) => withMap({ index: { start: 832, references: changed } });

describe('a file in fragments', () => {
  it('passes where all is as players need it', () => {
    expect(streamChecks(evidence({}))).toHaveLength(4);
    expect(failed({})).toEqual([]);
  });

  it('takes a fragment of sound alone to belong to the one before it', () => {
    const sound = {
      ...{ start: 6000, end: 6100, startSeconds: 2, durationSeconds: 0, keyframe: false, pictures: 0, sounds: 20 },
    };
    const fragments = [...FRAGMENTS, { ...sound, shown: { from: Infinity, to: -Infinity } }];
    const longer = references.map((each, i) => (i === references.length - 1 ? { ...each, bytes: 600 } : each));
    const soundIndex = { start: 700, references: [{ bytes: 5100, startsWithAccessPoint: true }] };
    const withSound = { fragments, index: { start: 832, references: longer }, soundIndex };
    expect(failed(withMap(withSound))).toEqual([]);
    expect(failed(withMap({ ...withSound, index: MAP.index }))).toEqual(['an index of every fragment']);
    const short = { start: 700, references: [{ bytes: 100, startsWithAccessPoint: true }] };
    expect(failed(withMap({ ...withSound, soundIndex: short }))).toEqual(['an index of every fragment']);
    expect(failed(withMap({ ...withSound, soundIndex: undefined }))).toEqual(['an index of every fragment']);
  });

  it.each<{ where: string; stream: Partial<StreamEvidence>; shots?: readonly Shot[]; fails: readonly string[] }>([
    {
      where: 'there is no index',
      stream: withMap({ head: ['ftyp', 'moov'], index: undefined }),
      fails: ['header first, then the index', 'an index of every fragment'],
    },
    {
      where: 'the index leaves the last out',
      stream: withReferences(references.slice(0, -1)),
      fails: ['an index of every fragment'],
    },
    {
      where: 'the index names one too many',
      stream: withReferences([...references, { bytes: 100, startsWithAccessPoint: true }]),
      fails: ['an index of every fragment'],
    },
    {
      where: 'the index has another length of one',
      stream: withReferences(references.map((each, i) => (i === 2 ? { ...each, bytes: 499 } : each))),
      fails: ['an index of every fragment'],
    },
    {
      where: 'the index sends players into a GOP',
      stream: withReferences(references.map((each) => ({ ...each, startsWithAccessPoint: true }))),
      fails: ['an index of every fragment'],
    },
    {
      where: 'a fragment is too long',
      stream: withMap({
        fragments: FRAGMENTS.map((each, i) => (i === 1 ? { ...each, durationSeconds: 0.61 } : each)),
      }),
      fails: ['fragments as short as planned'],
    },
    {
      where: 'a keyframe is missing',
      stream: {},
      shots: SHOTS.map((shot, i) => (i === 25 ? { ...shot, flags: 0 } : shot)),
      fails: ['keyframes where every rendition has them'],
    },
    {
      where: 'a keyframe is where no other rendition has one',
      stream: {},
      shots: SHOTS.map((shot, i) => (i === 7 ? { ...shot, flags: KEY } : shot)),
      fails: ['keyframes where every rendition has them'],
    },
  ])('fails where $where', ({ stream, shots, fails }) => {
    expect(failed(stream, shots)).toEqual(fails);
  });
});

it.each([
  { hours: 0.01, fragments: 0.5 },
  { hours: 7, fragments: 0.5 },
  { hours: 24, fragments: 2 },
])('an index of 16 bits holds the fragments of $hours hours', ({ hours, fragments }) => {
  expect(fragmentSeconds(hours * 3600)).toBe(fragments);
  const atMostInTwoSeconds = fragments === 0.5 ? 5 : 1;
  expect(((hours * 3600) / 2) * atMostInTwoSeconds).toBeLessThan(2 ** 16);
});
