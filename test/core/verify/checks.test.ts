import { describe, expect, it } from '@jest/globals';
import type { Probe, VideoFacts } from '../../../core/film/probe.ts';
import type { StreamSurvey, Survey } from '../../../core/ports/film-reader.ts';
import { checksOf } from '../../../core/verify/checks.ts';
import type { Evidence } from '../../../core/verify/evidence.ts';
import { SECONDS, SOUND, TICKS, TIMECODE } from '../../fixtures/evidence.ts';
import { indexOf, intra, type Shot, scenes } from '../../fixtures/films.ts';
import { aStream } from '../../fixtures/probes.ts';

const failed = (evidence: Evidence) => checksOf(evidence).flatMap(({ name, passed }) => (passed ? [] : [name]));

const withSurvey = (changes: Partial<Survey>): Evidence => ({
  ...SOUND,
  output: { ...SOUND.output, survey: { ...SOUND.output.survey, ...changes } },
});
const withProbe = (changes: Partial<Probe>): Evidence => ({
  ...SOUND,
  output: { ...SOUND.output, probe: { ...SOUND.output.probe, ...changes } },
});
const untold = (streams: Probe['streams']): Evidence => {
  const { timecodeTrack: _, ...probe } = SOUND.output.probe;
  return { ...SOUND, output: { ...SOUND.output, probe: { ...probe, streams } } };
};
const withPicture = (changes: Partial<VideoFacts>) =>
  withProbe({
    streams: SOUND.output.probe.streams.map((stream) =>
      stream.video ? { ...stream, video: { ...stream.video, ...changes } } : stream,
    ),
  });
const withPackets = (at: number, changes: Partial<StreamSurvey>) =>
  withSurvey({ streams: SOUND.output.survey.streams.map((each, i) => (i === at ? { ...each, ...changes } : each)) });
const withFrames = (change: (shot: Shot, i: number) => Shot[]) =>
  withSurvey({ index: indexOf(intra(scenes('rendition', 50), 40).flatMap(change)) });

const held = (seconds: number): Partial<Evidence> => ({
  ...{ lastSeconds: seconds - (SECONDS.at(-1) ?? 0), endsBySeconds: seconds },
  output: { ...SOUND.output, probe: { ...SOUND.output.probe, durationSeconds: seconds } },
});

describe('a rendition in which nothing is wrong', () => {
  it('passes every check', () => {
    expect(checksOf(SOUND).map(({ name, passed }) => [name, passed])).toEqual([
      ['decodes to the last frame', true],
      ['every frame at its time', true],
      ['every stream accounted for', true],
      ['stream 2 is copied bit for bit', true],
      ['sound starts where it did', true],
      ['lasts as long as the source', true],
      ['picture as planned', true],
      ['codec as planned', true],
      ['quality above the floor', true],
    ]);
  });

  it('passes, too, where its last picture is held as long as the source goes on', () => {
    expect(failed({ ...SOUND, ...held(12) })).toEqual([]);
  });

  it('passes, too, where all of it begins later than 0 because what began first lies beside it', () => {
    const seconds = SECONDS.map((second) => second + 0.5);
    const streams = SOUND.source.streams.map((each) => ({ ...each, firstSeconds: (each.firstSeconds ?? 0) + 0.5 }));
    const late = { ...withProbe({ startSeconds: 0.5 }), seconds, source: { ...SOUND.source, streams } };
    expect(failed(late)).toEqual([]);
  });

  it("passes, too, in Matroska that begins late by its sound's delay", () => {
    const late = { packets: 50, sha256: '', firstSeconds: 0.026, endSeconds: 2.026, stream: 0 };
    const sound = { ...SOUND.output.survey.streams[1], firstSeconds: 0.036 };
    const evidence = withSurvey({
      index: indexOf(intra(scenes('rendition', 50), 40).map((shot) => ({ ...shot, pts: shot.pts + 26 }))),
      streams: [late, { ...late, ...sound }, { ...late, ...sound }],
    });
    const probe = { ...SOUND.output.probe, format: 'matroska,webm' };
    expect(failed({ ...evidence, output: { ...evidence.output, probe } })).toEqual([]);
  });

  it('passes, too, with the later of two pictures at one time a tick on, as MP4 has it, but no later', () => {
    const seconds = SECONDS.map((second, i) => (i === 9 ? (SECONDS[8] ?? 0) : second));
    const later = (ticks: number) => withFrames((shot, i) => [i === 9 ? { ...shot, pts: 8 * 40 + ticks } : shot]);
    const ticks = { ...SOUND.ticks, times: TICKS.map((tick, i) => (i === 9 ? (TICKS[8] ?? 0) : tick)) };
    expect(failed({ ...later(1), seconds, ticks })).toEqual([]);
    expect(failed({ ...later(0), seconds, ticks })).toEqual([]);
    expect(failed({ ...later(2), seconds, ticks })).toEqual(['every frame at its time']);
    expect(failed(later(1))).toEqual(['every frame at its time']);
  });

  it.each([
    { of: 'all at it', at: [0, 0], passes: true },
    { of: 'the last of them a tick on', at: [0, 1], passes: true },
    { of: 'each a tick on', at: [1, 2], passes: true },
    { of: 'the last of them three ticks on', at: [1, 3], passes: false },
  ])('of three pictures at one time: $of', ({ at, passes }) => {
    const among = (i: number) => i === 9 || i === 10;
    const seconds = SECONDS.map((second, i) => (among(i) ? (SECONDS[8] ?? 0) : second));
    const ticks = { ...SOUND.ticks, times: TICKS.map((tick, i) => (among(i) ? (TICKS[8] ?? 0) : tick)) };
    const made = withFrames((shot, i) => [among(i) ? { ...shot, pts: 8 * 40 + (at[i - 9] ?? 0) } : shot]);
    expect(failed({ ...made, seconds, ticks })).toEqual(passes ? [] : ['every frame at its time']);
  });

  it('passes, too, without the sound before the beginning that was to be left out', () => {
    const early = { packets: 6, others: { packets: 94, sha256: 'same', firstSeconds: 0.01 } };
    const streams = SOUND.source.streams.map((each) =>
      each.stream === 2 ? { ...each, packets: 100, sha256: 'all', firstSeconds: -0.5, early } : each,
    );
    const evidence = { ...SOUND, source: { ...SOUND.source, streams } };
    const plans = SOUND.plans.map((plan) => (plan.stream.index === 2 ? { ...plan, withoutFirst: 6 } : plan));
    expect(failed({ ...evidence, plans })).toEqual([]);
    expect(failed(evidence)).toEqual(['stream 2 is copied bit for bit', 'sound starts where it did']);
  });

  it('names the checks of a lossless one: its pixels instead of a quality', () => {
    const lossless = { equal: true, detail: '50 decoded frames are equal by hash' };
    const names = checksOf({ ...SOUND, quality: undefined, lossless }).map(({ name }) => name);
    expect(names).toContain('every pixel as it was');
    expect(names).not.toContain('quality above the floor');
  });
});

describe('a fault that is planted', () => {
  const poor = SOUND.quality && {
    ...SOUND.quality,
    checks: [{ name: 'quality above the floor', passed: false, detail: 'ssim 0.89' }],
  };
  const untimed = SOUND.output.probe.streams.map((stream) => ({ ...stream, tags: {} }));

  it.each<{ fault: string; evidence: Evidence; fails: string }>([
    {
      fault: 'one frame less',
      evidence: { ...SOUND, decoded: { frames: 49, errors: [] } },
      fails: 'decodes to the last frame',
    },
    {
      fault: 'one frame more',
      evidence: { ...SOUND, decoded: { frames: 51, errors: [] } },
      fails: 'decodes to the last frame',
    },
    {
      fault: 'a decode error',
      evidence: { ...SOUND, decoded: { frames: 50, errors: ['broken'] } },
      fails: 'decodes to the last frame',
    },
    {
      fault: 'a frame a tick late',
      evidence: withFrames((shot, i) => [i === 25 ? { ...shot, pts: shot.pts + 1 } : shot]),
      fails: 'every frame at its time',
    },
    { fault: 'every frame later', evidence: withProbe({ startSeconds: 0.04 }), fails: 'every frame at its time' },
    {
      fault: 'a packet missing',
      evidence: withFrames((shot, i) => (i === 25 ? [] : [shot])),
      fails: 'every frame at its time',
    },
    {
      fault: 'a packet twice',
      evidence: withFrames((shot, i) => (i === 25 ? [shot, { ...shot, pts: shot.pts + 1 }] : [shot])),
      fails: 'every frame at its time',
    },
    {
      fault: 'the last frame missing',
      evidence: withFrames((shot, i) => (i === 49 ? [] : [shot])),
      fails: 'every frame at its time',
    },
    {
      fault: 'a stream missing',
      evidence: withProbe({ streams: SOUND.output.probe.streams.slice(0, 2) }),
      fails: 'every stream accounted for',
    },
    {
      fault: 'a stream too many',
      evidence: withProbe({ streams: [...SOUND.output.probe.streams, aStream('audio', 'aac')] }),
      fails: 'every stream accounted for',
    },
    { fault: 'other packets', evidence: withPackets(1, { sha256: 'other' }), fails: 'stream 2 is copied bit for bit' },
    { fault: 'fewer packets', evidence: withPackets(1, { packets: 93 }), fails: 'stream 2 is copied bit for bit' },
    { fault: 'sound 2 ms late', evidence: withPackets(1, { firstSeconds: 0.012 }), fails: 'sound starts where it did' },
    {
      fault: 'sound 2 ms early',
      evidence: withPackets(1, { firstSeconds: 0.008 }),
      fails: 'sound starts where it did',
    },
    {
      fault: 'a picture that ends too early',
      evidence: withPackets(0, { endSeconds: 1.9 }),
      fails: 'lasts as long as the source',
    },
    {
      fault: 'a picture that stands still for minutes',
      evidence: withPackets(0, { endSeconds: 200 }),
      fails: 'lasts as long as the source',
    },
    {
      fault: 'a last picture that the plan holds until long after the end of the source',
      evidence: { ...SOUND, ...held(12), endsBySeconds: 2 },
      fails: 'lasts as long as the source',
    },
    { fault: 'another width', evidence: withPicture({ width: 1918 }), fails: 'picture as planned' },
    { fault: 'another height', evidence: withPicture({ height: 1088 }), fails: 'picture as planned' },
    { fault: 'fewer bits', evidence: withPicture({ pixelFormat: 'yuv420p' }), fails: 'picture as planned' },
    { fault: 'square pixels', evidence: withPicture({ sar: { num: 1, den: 1 } }), fails: 'picture as planned' },
    {
      fault: 'other primaries',
      evidence: withPicture({ colour: { ...SOUND.spec.colour, primaries: 'bt709' } }),
      fails: 'picture as planned',
    },
    {
      fault: 'another transfer',
      evidence: withPicture({ colour: { ...SOUND.spec.colour, transfer: undefined } }),
      fails: 'picture as planned',
    },
    {
      fault: 'another matrix',
      evidence: withPicture({ colour: { ...SOUND.spec.colour, matrix: 'bt709' } }),
      fails: 'picture as planned',
    },
    {
      fault: 'full range',
      evidence: withPicture({ colour: { ...SOUND.spec.colour, range: 'pc' } }),
      fails: 'picture as planned',
    },
    {
      fault: 'no mastering display',
      evidence: withPicture({ hdr: { ...SOUND.source.video.hdr, masterDisplay: undefined } }),
      fails: 'picture as planned',
    },
    {
      fault: 'another light level',
      evidence: withPicture({ hdr: { ...SOUND.source.video.hdr, contentLight: '1000,401' } }),
      fails: 'picture as planned',
    },
    { fault: 'no rotation', evidence: withPicture({ displayMatrix: undefined }), fails: 'picture as planned' },
    {
      fault: 'no picture',
      evidence: withProbe({
        streams: [1, 2, 3].map(() => aStream('audio', 'aac', { tags: { timecode: '01:02:03:04' } })),
      }),
      fails: 'picture as planned',
    },
    {
      fault: 'no timecode',
      evidence: untold(untimed),
      fails: 'every stream accounted for',
    },
    {
      fault: 'a timecode that is another at the first picture',
      evidence: withProbe({ timecodeTrack: { ...TIMECODE, shown: '01:02:04:04' } }),
      fails: 'every stream accounted for',
    },
    {
      fault: 'a timecode that begins behind the first picture',
      evidence: withProbe({ timecodeTrack: { ...TIMECODE, from: 0.04 } }),
      fails: 'every stream accounted for',
    },
    {
      fault: 'a timecode that ends before the last picture',
      evidence: withProbe({ timecodeTrack: { ...TIMECODE, until: 1.92 } }),
      fails: 'every stream accounted for',
    },
    {
      fault: 'a timecode that jumps',
      evidence: withProbe({ timecodeTrack: { ...TIMECODE, jumps: true } }),
      fails: 'every stream accounted for',
    },
    { fault: 'another timecode', evidence: { ...SOUND, timecode: '01:02:03:05' }, fails: 'every stream accounted for' },
    { fault: 'another codec', evidence: { ...SOUND, codecString: 'avc1.640028' }, fails: 'codec as planned' },
    { fault: 'poor quality', evidence: { ...SOUND, quality: poor }, fails: 'quality above the floor' },
    {
      fault: 'another pixel',
      evidence: { ...SOUND, lossless: { equal: false, detail: 'frame 7 of 50 differs' } },
      fails: 'every pixel as it was',
    },
  ])('is found: $fault', ({ evidence, fails }) => {
    expect(failed(evidence)).toEqual([fails]);
  });

  it('is found in a picture that turns though the source did not', () => {
    const source = { ...SOUND.source, video: { ...SOUND.source.video, displayMatrix: undefined } };
    expect(failed({ ...SOUND, source })).toEqual(['picture as planned']);
  });

  it('is found in full range that became limited', () => {
    const spec = { ...SOUND.spec, colour: { ...SOUND.spec.colour, range: 'pc' as const } };
    expect(failed({ ...SOUND, spec })).toEqual(['picture as planned']);
  });
});
