import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ServiceError } from '../../core/errors.ts';
import type { RawSettings } from '../../core/settings/settings.ts';
import { SECOND_WAY } from '../../core/verify/second-way.ts';
import { CLIPS, type ClipSpec } from '../fixtures/clips.ts';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { emptied, ONE_SOUND, renamed, scrambled, TWO_SOUNDS } from '../fixtures/odd-tracks.ts';
import { type Milled, testMill } from '../support/mill.ts';

const run = promisify(execFile);

/** Sound that begins with the rest of a frame, as recorders leave it in an AVI: its chunks hold the stream from byte 300 on. */
function fromMidFrame(avi: Buffer): Buffer {
  const bytes = Buffer.from(avi);
  const chunks: { at: number; length: number }[] = [];
  for (let at = bytes.indexOf('movi') + 4; at < bytes.length - 8 && bytes.toString('latin1', at, at + 4) !== 'idx1'; ) {
    const length = bytes.readUInt32LE(at + 4);
    if (bytes.toString('latin1', at, at + 4) === '01wb') chunks.push({ at: at + 8, length });
    at += 8 + length + (length % 2);
  }
  const sound = Buffer.concat(chunks.map(({ at, length }) => avi.subarray(at, at + length))).subarray(300);
  let done = 0;
  for (const { at, length } of chunks) {
    bytes.fill(0, at, at + length);
    sound.subarray(done, done + length).copy(bytes, at);
    done += length;
  }
  return bytes;
}

/** A Matroska whose first sound has a codec that nobody knows; the id has as many letters. */
function unknownCodec(mkv: Buffer): Buffer {
  const bytes = Buffer.from(mkv);
  bytes.write('A_XYZ', bytes.indexOf('A_AAC'), 'latin1');
  return bytes;
}

const AC3 = { file: 'mid-frame.avi', args: [...ONE_SOUND, '-c:a', 'ac3'], edit: fromMidFrame };
const QUICK: RawSettings = { preset: 'ultrafast', evenIfLarger: 'true' };

type Odd = {
  readonly what: string;
  readonly spec: ClipSpec;
  readonly recipe?: string;
  readonly settings?: RawSettings;
  /** The fates of all streams but the picture. */
  readonly fates: readonly (readonly [fate: string, sidecar?: string])[];
  /** Codecs of the film's sounds, by mediainfo. */
  readonly sounds: readonly string[];
};

const ODD: readonly Odd[] = [
  {
    what: 'spatial sound that no decoder knows before one that all know',
    spec: { file: 'apac-first.mov', args: TWO_SOUNDS, edit: renamed(1, 'apac') },
    fates: [['kept', 'stream-1.bin'], ['kept']],
    sounds: ['AAC'],
  },
  {
    what: 'the same, for players of streams',
    spec: { file: 'apac-first.mov', args: TWO_SOUNDS, edit: renamed(1, 'apac') },
    recipe: 'ladder',
    settings: { preset: 'ultrafast' },
    fates: [['dropped'], ['kept']],
    sounds: ['AAC'],
  },
  {
    what: 'spatial sound alone, for VJs',
    spec: { file: 'apac-alone.mov', args: ONE_SOUND, edit: renamed(1, 'apac') },
    recipe: 'vj',
    settings: {},
    fates: [['dropped']],
    sounds: [],
  },
  {
    what: 'MPEG-H behind AAC, in an editor’s file',
    spec: { file: 'mhm1.mp4', args: TWO_SOUNDS, edit: renamed(2, 'mhm1') },
    recipe: 'mezzanine',
    settings: {},
    fates: [['kept'], ['kept', 'stream-2.bin']],
    sounds: ['AAC'],
  },
  {
    what: 'a codec that the demuxer cannot name',
    spec: { file: 'unknown.mkv', args: TWO_SOUNDS, edit: unknownCodec },
    fates: [['kept', 'stream-1.bin'], ['kept']],
    sounds: ['AAC'],
  },
  {
    what: 'a track without samples',
    spec: { file: 'empty.mp4', args: TWO_SOUNDS, edit: emptied(1) },
    fates: [['dropped'], ['kept']],
    sounds: ['AAC'],
  },
  {
    what: 'a scrambled second sound',
    spec: { file: 'scrambled.ts', args: TWO_SOUNDS, edit: scrambled([0x102], 0) },
    fates: [['kept'], ['dropped']],
    sounds: ['AAC'],
  },
  {
    what: 'a timecode that MP4 cannot place',
    spec: { file: 'one-frame.mov', args: [...CLIPS.timecode.args, '-frames:v', '1'] },
    fates: [['dropped']],
    sounds: [],
  },
  {
    what: 'AC-3 that begins with the rest of a frame',
    spec: AC3,
    fates: [['kept']],
    sounds: ['AC-3'],
  },
];

const secondWays = (warnings: readonly string[]) => warnings.filter((warning) => warning.startsWith(SECOND_WAY));

async function soundsBy(mediainfo: string, path: string): Promise<string[]> {
  const { stdout } = await run(mediainfo, ['--Output=JSON', path]);
  const tracks: { '@type': string; Format: string }[] = JSON.parse(stdout).media.track;
  return tracks.filter((track) => track['@type'] === 'Audio').map(({ Format }) => Format);
}

describe('a film comes out that has', () => {
  it.each(ODD)('$what', async ({ spec, recipe = 'preserve', settings = QUICK, fates, sounds }) => {
    const source = await makeClip(spec);
    const mill = await testMill();
    const milled = await mill.run(source, recipe, settings);
    expect(milled.outcome).toMatchObject({ status: 'done' });
    const manifest = await milled.manifest();
    const beside = manifest.streams.filter(({ type }) => type !== 'video');
    expect(beside.map(({ fate, sidecar }) => (sidecar === undefined ? [fate] : [fate, sidecar]))).toEqual(fates);
    for (const { path } of manifest.sidecars) expect((await readFile(milled.path(path))).length).toBeGreaterThan(0);
    expect(await soundsBy('mediainfo', milled.path(manifest.renditions[0]?.path ?? ''))).toEqual(sounds);
    expect(secondWays(manifest.warnings)).toEqual([]);
  });
});

describe('what cannot be shown at all', () => {
  const refused = async (source: string): Promise<Milled['outcome']> => {
    const mill = await testMill();
    return (await mill.run(await mill.own(source, basename(source)), 'preserve', QUICK)).outcome;
  };

  it('is refused: a picture whose codec nobody knows', async () => {
    const source = await makeClip({ file: 'unknown.mp4', args: ONE_SOUND, edit: renamed(0, 'xyzw') });
    expect(await refused(source)).toMatchObject({ exitCode: 65, reason: expect.stringMatching(/no decoder.*xyzw/) });
  });

  it('is refused: a picture of nothing but zeros', async () => {
    const mp4 = await readFile(await makeClip({ file: 'whole.mp4', args: ONE_SOUND }));
    const [from, to] = [mp4.indexOf('mdat') + 4, mp4.indexOf('moov') - 4];
    const zeros = await fileOf('zeros.mp4', Buffer.from(mp4).fill(0, from, to));
    expect(await refused(zeros)).toMatchObject({
      exitCode: 65,
      reason: expect.stringMatching(/nothing of it decodes/),
    });
  });

  it('is refused: a transport stream that is scrambled later', async () => {
    const source = await makeClip({ file: 'later.ts', args: ONE_SOUND, edit: scrambled([0x100, 0x101], 0.5) });
    expect(await refused(source)).toMatchObject({ exitCode: 65, reason: expect.stringMatching(/encrypted/) });
  });
});

describe('measuring that fails', () => {
  it('is done again, and what happened is told', async () => {
    let calls = 0;
    const mill = await testMill({
      between: ({ measurer }) => ({
        measurer: {
          ...measurer,
          lookOnce: async () => undefined,
          measureQuality: async (task, options) => {
            calls += 1;
            if (calls > 1) return measurer.measureQuality(task, options);
            throw new ServiceError('not-exact', 'measuring: corrupted size vs. prev_size', { command: ['ffmpeg'] });
          },
        },
      }),
    });
    const milled = await mill.run(await makeClip({ file: 'whole.mp4', args: ONE_SOUND }), 'preserve', QUICK);
    expect(milled.outcome).toMatchObject({ status: 'done' });
    expect(secondWays((await milled.manifest()).warnings)).toEqual([expect.stringMatching(/corrupted size/)]);
    expect(calls).toBe(2);
  });

  it('ends the job where it fails again', async () => {
    const fails = async () => {
      throw new ServiceError('not-exact', 'measuring: it crashed', { command: ['ffmpeg'] });
    };
    const asked = { lookOnce: async () => undefined, measureQuality: fails };
    const mill = await testMill({ between: ({ measurer }) => ({ measurer: { ...measurer, ...asked } }) });
    const { outcome } = await mill.run(await makeClip({ file: 'whole.mp4', args: ONE_SOUND }), 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'failed', code: 'not-exact' });
  });
});
