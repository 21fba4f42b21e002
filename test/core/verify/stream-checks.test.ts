import { describe, expect, it } from '@jest/globals';
import {
  type Fragment,
  type FragmentedTrack,
  type FragmentMap,
  fragmentSeconds,
} from '../../../core/film/fragments.ts';
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
    samples: frames,
  };
});
const PICTURE: FragmentedTrack = {
  ...{
    kind: 'picture',
    id: 1,
    timescale: 12800,
    skippedSeconds: 0,
    emptySeconds: 0,
    shortestStepSeconds: 0.04,
    firstSampleSeconds: 0.04,
    lastSampleSeconds: 0.04,
  },
  index: {
    references: FRAGMENTS.map(({ start, end, keyframe, durationSeconds }) => ({
      ...{ bytes: end - start, seconds: durationSeconds, startsWithAccessPoint: keyframe },
    })),
  },
  fragments: FRAGMENTS,
};
const MAP: FragmentMap = {
  head: ['ftyp', 'moov', 'sidx'],
  init: new Uint8Array(800),
  shown: { width: 64, height: 36 },
  picture: PICTURE,
  sound: undefined,
};
const STREAM: StreamEvidence = { fragments: MAP, delaySeconds: 0, keyframes: [0, 25] };
const seconds = Float64Array.from({ length: 50 }, (_, i) => i / 25);

const evidence = (stream: Partial<StreamEvidence>, shots = SHOTS): Evidence => ({
  ...{ ...SOUND, seconds, stream: { ...STREAM, ...stream } },
  output: { ...SOUND.output, survey: { ...SOUND.output.survey, index: indexOf(shots) } },
});
const failed = (stream: Partial<StreamEvidence>, shots?: readonly Shot[]) =>
  streamChecks(evidence(stream, shots)).flatMap(({ name, passed }) => (passed ? [] : [name]));
const withMap = (changes: Partial<FragmentMap>) => ({ fragments: { ...MAP, ...changes } });
const withPicture = (changes: Partial<FragmentedTrack>) => withMap({ picture: { ...PICTURE, ...changes } });
const references = PICTURE.index?.references ?? [];
const withReferences = (changed: typeof references) => withPicture({ index: { references: changed } });

const CUT = 'picture and sound are fetched apart';

describe('a file in fragments', () => {
  it('passes where all is as players need it', () => {
    expect(streamChecks(evidence({}))).toHaveLength(6);
    expect(failed({})).toEqual([]);
  });

  it('takes a reference to reach over fragments of the other track to the next of its own', () => {
    const apart = FRAGMENTS.map((each, i) => ({ ...each, start: each.start + i * 50, end: each.end + i * 50 }));
    const longer = references.map((each, i) =>
      i < references.length - 1 ? { ...each, bytes: each.bytes + 50 } : each,
    );
    expect(failed(withPicture({ fragments: apart, index: { references: longer } }))).toEqual([CUT]);
    expect(failed(withPicture({ fragments: apart }))).toEqual(['an index of every fragment', CUT]);
  });

  it('wants an index of the sound, too', () => {
    const fragments = FRAGMENTS.map((each) => ({ ...each, keyframe: true }));
    const index = { references: references.map((each) => ({ ...each, startsWithAccessPoint: true })) };
    const sound: FragmentedTrack = { ...PICTURE, kind: 'sound', id: 2, fragments, index };
    expect(failed(withMap({ sound }))).toEqual([]);
    expect(failed(withMap({ sound: { ...sound, index: undefined } }))).toEqual(['an index of every fragment']);
    expect(failed(withMap({ sound: { ...sound, emptySeconds: 0.2 } }))).toEqual([
      'fragments say when each track begins',
    ]);
  });

  it.each<{ where: string; stream: Partial<StreamEvidence>; shots?: readonly Shot[]; fails: readonly string[] }>([
    {
      where: 'there is no index',
      stream: withMap({ head: ['ftyp', 'moov'], picture: { ...PICTURE, index: undefined } }),
      fails: ['header first, then the index', 'an index of every fragment'],
    },
    {
      where: 'the first picture is before 0, where no player shows it',
      stream: withPicture({
        fragments: FRAGMENTS.map((each, i) => (i > 0 ? each : { ...each, shown: { from: -1.013, to: each.shown.to } })),
      }),
      fails: ['fragments say when each track begins'],
    },
    {
      where: 'the index leaves the last out',
      stream: withReferences(references.slice(0, -1)),
      fails: ['an index of every fragment'],
    },
    {
      where: 'the index names one too many',
      stream: withReferences([...references, { bytes: 100, seconds: 1, startsWithAccessPoint: true }]),
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
      stream: withPicture({
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
