import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import * as z from 'zod/mini';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { QUICK, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SETTINGS = { ...QUICK, evenIfLarger: true };
const picture = (seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=s=64x64:r=10:d=${seconds}`];
const sine = (seconds: number) => ['-f', 'lavfi', '-i', `sine=d=${seconds}`];
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10'];
const MPEG2 = ['-r', '25', '-c:v', 'mpeg2video', '-g', '10'];
/** How a film is read by which each of its streams is known. */
const WHOLE = ['-analyzeduration', '9G', '-probesize', '9G'];

/** A film whose second sound sounds from `from` seconds on for ten, and whose first one sounds all along. */
const late = (file: string, from: number, args: readonly string[]) =>
  makeClip({
    file,
    args: [
      ...[...picture(from + 40), ...sine(from + 40), '-itsoffset', `${from}`, ...sine(10)],
      ...['-map', '0', '-map', '1', '-map', '2', '-c:a:0', 'mp2', '-c:a:1', 'ac3', ...args],
    ],
  });

/** A recording whose sound goes on in another stream after 25 s, and back in the first one ten seconds later. */
async function recording(packing: readonly string[] = []): Promise<readonly Buffer[]> {
  const part = async (from: number, seconds: number, sound: readonly string[]) =>
    readFile(
      await makeClip({
        file: `part-${from}-${packing.length}.ts`,
        args: [
          ...[...picture(seconds), ...sine(seconds), ...X264, '-streamid', '0:4113', ...sound],
          ...['-output_ts_offset', `${from}`, ...packing, '-f', 'mpegts'],
        ],
      }),
    );
  const [mp2, ac3] = [
    ['-c:a', 'mp2', '-streamid', '1:4352'],
    ['-c:a', 'ac3', '-streamid', '1:4353'],
  ];
  return [await part(0, 25, mp2), await part(25, 10, ac3), await part(35, 30, mp2)];
}

/** The packets of a stream: seconds from the film's start, and hash. */
async function packetsOf(path: string, stream: number, startSeconds = 0) {
  const { stdout } = await execa('ffprobe', [
    ...['-v', 'error', ...WHOLE, '-show_packets', '-show_data_hash', 'sha256', '-select_streams', `${stream}`],
    ...['-show_entries', 'packet=pts_time,data_hash', '-of', 'json', path],
  ]);
  const { packets } = answer.parse(JSON.parse(stdout));
  return packets.map(({ pts_time: at, data_hash: hash }) => ({ seconds: Number(at) - startSeconds, hash }));
}

const answer = z.object({ packets: z.array(z.object({ pts_time: z.string(), data_hash: z.string() })) });

const startOf = async (path: string) =>
  Number(
    (await execa('ffprobe', ['-v', 'error', '-show_entries', 'format=start_time', '-of', 'csv=p=0', path])).stdout,
  );

describe('a sound that begins later than ffmpeg looks for one', () => {
  const films = [
    { what: 'a transport stream', from: 30, make: () => late('late.ts', 30, X264) },
    { what: 'a program stream, which does not have it at its end', from: 30, make: () => late('late.vob', 30, MPEG2) },
    {
      what: 'a recording of a transport stream whose map names it only there',
      from: 25,
      make: async () => fileOf('changes-and-back.ts', Buffer.concat(await recording())),
    },
    {
      what: 'the same as Blu-rays have it',
      from: 25,
      make: async () => fileOf('changes-and-back.m2ts', Buffer.concat(await recording(['-mpegts_m2ts_mode', '1']))),
    },
  ];

  it.each(films)('is kept of $what, each packet once and at its time', async ({ from, make }) => {
    const source = await make();
    const { manifest, path } = await (await testMill()).run(source, 'preserve', SETTINGS);
    const { streams } = await manifest();
    expect(streams.map(({ codec, fate }) => ({ codec, fate }))).toEqual([
      { codec: expect.any(String), fate: 'converted' },
      { codec: 'mp2', fate: 'kept' },
      { codec: 'ac3', fate: 'kept' },
    ]);
    const was = await packetsOf(source, 2, await startOf(source));
    const is = await packetsOf(path('preserve.mp4'), 2);
    expect(is.map(({ hash }) => hash)).toEqual(was.map(({ hash }) => hash));
    expect(is.length).toBeGreaterThan(280);
    expect(is[0]?.seconds).toBeCloseTo(from, 1);
    for (const [i, { seconds }] of is.entries())
      expect(Math.abs(seconds - (was[i]?.seconds ?? Number.NaN))).toBeLessThan(0.001);
  });

  it('lies in a file of bytes behind the first 200 MB, and is kept of the film that its line names', async () => {
    const nothing = Buffer.alloc(188, 0xff);
    nothing.writeUInt32BE(0x471fff10);
    const [first = nothing, second = nothing] = await recording();
    const between = Buffer.alloc(188 * 1_100_000, nothing);
    const source = await fileOf('far.ts', Buffer.concat([first, between, second]));
    const mill = await testMill();
    const { streams } = await (await mill.run(source, 'preserve', SETTINGS)).manifest();
    const { fate, why = '', sidecar } = streams[2] ?? {};
    expect({ fate, why, sidecar }).toEqual({
      ...{ fate: 'kept', sidecar: 'stream-2.bin' },
      why: expect.stringContaining('finds no sound of it (ac3) in the first 200 MB'),
    });

    const whole = join(await temporaryFolder(), 'NEW.mkv');
    const [, args = ''] = /: ffmpeg (.* NEW\.mkv)/.exec(why) ?? [];
    const named: Readonly<Record<string, string>> = { SOURCE: source, 'NEW.mkv': whole };
    await execa('ffmpeg', ['-v', 'error', '-y', ...args.split(' ').map((word) => named[word] ?? word)]);
    const again = await (await mill.run(whole, 'preserve', SETTINGS)).manifest();
    expect(again.streams[2]).toMatchObject({ codec: 'ac3', fate: 'kept' });
  });
});
