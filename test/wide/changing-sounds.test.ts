import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { beginnings, channelsOf } from '../support/samples.ts';

const run = promisify(execFile);
const BEEP = 'if(between(mod(t,1),0.5,0.6),0.5*sin(6283*t),0)';
const FRAME_SECONDS = 1 / 25;
const QUICK = { preset: 'ultrafast', evenIfLarger: true } as const;
const FAST = { preset: 'ultrafast' } as const;

type Half = { readonly channels: 1 | 2 | 4 | 6; readonly codec: readonly string[] };
const LAYOUTS = { 1: 'mono', 2: 'stereo', 4: 'quad', 6: '5.1' } as const;

/** Two seconds of a transport stream, with a beep at half of each second in all channels. */
const half = ({ channels, codec }: Half, from: number) => {
  const sound = `aevalsrc='${Array.from({ length: channels }, () => BEEP).join('|')}':s=48000:d=2:c=${LAYOUTS[channels]}`;
  return makeClip({
    file: 'half.ts',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=25:d=2', '-f', 'lavfi', '-i', sound],
      ...['-c:v', 'mpeg2video', '-g', '12', '-c:a', ...codec, '-strict', '-2', '-output_ts_offset', `${from}`],
    ],
  });
};

/** Two such streams, one behind the other, and when its beeps are heard: seconds behind its first picture. */
async function changing(first: Half, second: Half) {
  const halves = [await half(first, 0), await half(second, 2)];
  const path = await fileOf('changing.ts', Buffer.concat(await Promise.all(halves.map((each) => readFile(each)))));
  const [one, other] = await Promise.all(halves.map((each) => beepsIn(each)));
  if (!one || !other) throw new Error('there are no halves');
  const beeps = [...one.beeps, ...other.beeps].map((seconds) => seconds - one.begins);
  return { path, beeps };
}

/** When beeps are heard, and when the picture begins by its second frame, by the times of the file. */
async function beepsIn(path: string): Promise<{ readonly beeps: readonly number[]; readonly begins: number }> {
  const [first = new Float64Array()] = await channelsOf(path);
  const { streams } = await ffprobe(path, '-show_entries', 'stream=codec_type,start_time,sample_rate');
  const of = (type: string) => streams.find((each: { codec_type: string }) => each.codec_type === type);
  const { start_time, sample_rate } = of('audio');
  const beeps = beginnings(first, Number(sample_rate), 0.1).map((seconds) => Number(start_time) + seconds);
  // a ladder shows its first picture early, and all others at their times
  const { frames } = await ffprobe(path, '-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp_time');
  return { beeps, begins: Number(frames[1].best_effort_timestamp_time) - FRAME_SECONDS };
}

/** The beeps of a rendition, by its own pictures. */
async function heard(path: string): Promise<readonly number[]> {
  const { beeps, begins } = await beepsIn(path);
  return beeps.map((seconds) => seconds - begins);
}

async function decodingErrors(path: string): Promise<string> {
  const { stderr } = await run('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:a', '-f', 'null', '-']);
  return stderr;
}

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

const AAC = ['aac'];
const LATM = ['aac', '-mpegts_flags', 'latm'];
const STEREO: Half = { channels: 2, codec: AAC };
const SURROUND: Half = { channels: 6, codec: AAC };

describe('sound that changes midway in a transport stream', () => {
  it.each([
    { does: 'AAC of 2, then 6 channels', halves: [STEREO, SURROUND], recipe: 'preserve', file: 'preserve.mp4' },
    { does: 'AAC of 6, then 2 channels', halves: [SURROUND, STEREO], recipe: 'preserve', file: 'preserve.mp4' },
    { does: 'AAC of 2, then 6 channels', halves: [STEREO, SURROUND], recipe: 'mezzanine', file: '422.mov' },
    { does: 'AAC of 6, then 2 channels', halves: [SURROUND, STEREO], recipe: 'ladder', file: 'sd.mp4' },
    {
      does: 'AAC of 44,100, then 48,000 Hz',
      halves: [{ channels: 2, codec: ['aac', '-ar', '44100'] }, STEREO],
      recipe: 'preserve',
      file: 'preserve.mp4',
    },
    {
      does: 'AAC in LATM of 2, then 6 channels',
      halves: [
        { channels: 2, codec: LATM },
        { channels: 6, codec: LATM },
      ],
      recipe: 'preserve',
      file: 'preserve.mp4',
    },
    {
      does: 'AC-3 of 6, then 2 channels',
      halves: [
        { channels: 6, codec: ['ac3'] },
        { channels: 2, codec: ['ac3'] },
      ],
      recipe: 'vj',
      file: 'hap.mov',
    },
    {
      does: 'E-AC-3 of 48,000, then 44,100 Hz',
      halves: [
        { channels: 2, codec: ['eac3'] },
        { channels: 2, codec: ['eac3', '-ar', '44100'] },
      ],
      recipe: 'vj',
      file: 'hap.mov',
    },
    {
      does: 'MP2 of 48,000, then 32,000 Hz',
      halves: [
        { channels: 2, codec: ['mp2'] },
        { channels: 2, codec: ['mp2', '-ar', '32000'] },
      ],
      recipe: 'vj',
      file: 'hap.mov',
    },
  ] as const)('is whole and in step: $does, by $recipe', async ({ halves: [first, second], recipe, file }) => {
    const { path, beeps } = await changing(first, second);
    const settings = { preserve: QUICK, ladder: FAST, mezzanine: {}, vj: {} }[recipe];
    const { outcome, manifest, path: published } = await mill.run(path, recipe, settings);
    expect(outcome).toMatchObject({ status: 'done' });
    const { streams, renditions } = await manifest();
    expect(streams[1]).toMatchObject({ fate: 'converted', why: expect.stringMatching(/ changes? midway \(/) });
    const place = renditions[0]?.checks.find(({ name }) => name === 'sound of stream 1 is in its place');
    expect(place?.passed).toBe(true);
    expect(place?.detail).not.toMatch(/at most \d{3,} ms off/);
    expect(await decodingErrors(published(file))).toBe('');
    const found = await heard(published(file));
    expect(found).toHaveLength(beeps.length);
    for (const [i, seconds] of found.entries()) expect(Math.abs(seconds - (beeps[i] ?? 0))).toBeLessThan(0.004);
  });

  it('says that the times of AAC in LATM are not exact behind another rate', async () => {
    const { path } = await changing({ channels: 2, codec: LATM }, { channels: 2, codec: [...LATM, '-ar', '24000'] });
    const { outcome, manifest } = await mill.run(path, 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).streams[1]?.why).toMatch(/48000 Hz, then 24000 Hz\), behind which .* up to 0\.1 s off/);
  });

  it('keeps the packets of changing AAC beside an archive, each with its own header', async () => {
    const { path } = await changing(STEREO, SURROUND);
    const { manifest, path: published } = await mill.run(path, 'preserve', { ...QUICK, container: 'mkv' });
    const { streams } = await manifest();
    const sidecar = streams[1]?.sidecar ?? '';
    expect(sidecar).toBe('stream-1.aac');
    const packets = async (file: string, of: string) => {
      const count = [
        '-select_streams',
        of,
        '-count_frames',
        '-show_entries',
        'stream=nb_read_frames',
        '-of',
        'csv=p=0',
      ];
      const { stdout } = await run('ffprobe', ['-v', 'quiet', ...count, file]);
      return Number.parseInt(stdout, 10);
    };
    const beside = join(published('preserve.mkv'), '..', sidecar);
    expect(await packets(beside, 'a')).toBe(await packets(path, 'a'));
  });

  it.each([
    { recipe: 'preserve', file: 'preserve.mp4' },
    { recipe: 'vj', file: 'hap.mov' },
  ])('keeps every channel of SMPTE 302M of 2, then 4 channels, by $recipe', async ({ recipe, file }) => {
    const depth = (format: string) => ['s302m', '-sample_fmt', format];
    const { path } = await changing({ channels: 2, codec: depth('s16') }, { channels: 4, codec: depth('s32') });
    const { outcome, path: published } = await mill.run(path, recipe, recipe === 'preserve' ? QUICK : {});
    expect(outcome).toMatchObject({ status: 'done' });
    const channels = await channelsOf(published(file));
    expect(channels.map((samples) => beginnings(samples, 48_000, 0.1).length)).toEqual([4, 4, 2, 2]);
  });
});
