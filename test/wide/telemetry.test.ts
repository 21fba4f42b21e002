import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import { box, boxes, u32 } from '../fixtures/craft.ts';
import { type DataTrack, gps5, withDataTrack } from '../fixtures/telemetry.ts';
import { makeClip } from '../support/clip.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

const ODD_SAMPLES: DataTrack = {
  entry: 'gpmd',
  samples: ['AAAAAAAA', 'BBBBBBBBBBBB', 'C', 'DDDD', 'EEEEE'].map((each) => Buffer.from(each)),
  durations: [333, 250, 100, 317, 200],
};
const GPS: DataTrack = {
  entry: 'gpmd',
  samples: [
    gps5('201231235959.500', 3, [
      { lat: 48.8584, lon: 2.2945, ele: 35.5 },
      { lat: 48.8585, lon: 2.2946, ele: 35.6 },
    ]),
    gps5('210101000000.500', 3, [{ lat: -33.8568, lon: 151.2153, ele: -2 }]),
  ],
  durations: [1000, 1000],
};

/** The packets of the last track of data, as ffprobe reads them, and its sample entry. */
async function dataOf(path: string) {
  const { streams } = await ffprobe(path, '-show_streams', '-select_streams', 'd');
  const at = streams.at(-1);
  const { packets } = await ffprobe(
    path,
    '-show_packets',
    '-show_data_hash',
    'sha256',
    '-select_streams',
    `${at.index}`,
  );
  const told = ({ pts_time, size, data_hash }: Record<string, string>) => [Number(pts_time), size, data_hash];
  return { tag: at.codec_tag_string, timeBase: at.time_base, packets: packets.map(told) };
}

describe('a track of telemetry', () => {
  let folder: string;
  let clip: Buffer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await makeClip(join(folder, 'plain.mp4'), { seconds: 1, size: '64x48' });
    clip = await readFile(join(folder, 'plain.mp4'));
  });
  const sourceOf = async (name: string, track: DataTrack) => {
    await writeFile(join(folder, name), withDataTrack(clip, track));
    return join(folder, name);
  };
  const passed = (detail: RegExp, stream: number) => ({
    name: `data of stream ${stream} is copied with its times`,
    passed: true,
    detail: expect.stringMatching(detail),
  });

  it.each<[string, DataTrack, string, RawSettings]>([
    ['GoPro, of uneven samples', ODD_SAMPLES, 'preserve', settings],
    [
      'DJI, whose entry ffmpeg cannot write',
      { ...ODD_SAMPLES, entry: 'djmd', described: box('desc', u32(7)) },
      'preserve',
      settings,
    ],
    [
      'a phone, which describes the picture',
      { ...ODD_SAMPLES, entry: 'mebx', describes: 1, timescale: 600 },
      'preserve',
      settings,
    ],
    [
      'a camera whose telemetry begins later',
      {
        ...ODD_SAMPLES,
        edits: [
          [200, -1 >>> 0],
          [1200, 0],
        ],
      },
      'preserve',
      settings,
    ],
    ['GoPro, in a mezzanine', ODD_SAMPLES, 'mezzanine', {}],
  ])('of %s, is in the film with its bytes, its times and its description', async (_, track, recipe, of) => {
    const source = await sourceOf('source.mp4', track);
    const { path, manifest } = await milledFile(source, of, recipe);
    const [rendition] = manifest.renditions;
    const made = path(rendition?.path ?? '');
    expect((await dataOf(source)).packets).toHaveLength(5);
    expect(await dataOf(made)).toEqual(await dataOf(source));
    expect(manifest.streams[2]).toMatchObject({ type: 'data', codec: track.entry, fate: 'kept' });
    expect(manifest.streams[2]).not.toHaveProperty('sidecar');
    expect(rendition?.checks).toContainEqual(passed(/5 packets, equal by hash, each at its time/, 2));
    if (track.described) expect((await readFile(made)).includes(track.described)).toBe(true);
    if (track.describes) {
      const bytes = await readFile(made);
      expect(bytes.readUInt32BE(bytes.indexOf('cdsc') + 4)).toBe(1);
    }
    expect(manifest.warnings.filter((each) => /second way|data/.test(each))).toEqual([]);
  });

  it('is read by exiftool from the film as from the source', async () => {
    const source = await sourceOf('gps.mp4', GPS);
    const { path } = await milledFile(source, settings);
    const places = async (file: string) => {
      const args = [
        '-ee',
        '-n',
        '-p',
        '$SampleTime $SampleDuration $GPSLatitude $GPSLongitude $GPSAltitude $GPSDateTime',
        file,
      ];
      return (await run('exiftool', args)).stdout;
    };
    expect(await places(path('preserve.mp4'))).toBe(await places(source));
    expect(await places(source)).toMatch(/^0 1 48\.8585 2\.2946 35\.6 2020:12:31 23:59:59\.5/);
  });

  it('of a GoPro is beside the film as GPX, if asked for', async () => {
    const source = await sourceOf('gpx.mp4', GPS);
    const { path, manifest } = await milledFile(source, { ...settings, gpx: true });
    const gpx = await readFile(path('stream-2.gpx'), 'utf8');
    const picture = join(folder, 'picture.jpg');
    await run('ffmpeg', ['-v', 'error', '-y', '-i', source, '-frames:v', '1', picture]);
    // exiftool places a picture by the track and the time at which it was taken
    const placed = async (time: string) => {
      await run('exiftool', [
        '-q',
        '-overwrite_original',
        '-geotag',
        path('stream-2.gpx'),
        `-geotime=${time}`,
        picture,
      ]);
      return (
        await run('exiftool', ['-n', '-T', '-GPSLatitude', '-GPSLongitude', '-GPSAltitude', picture])
      ).stdout.trim();
    };
    expect(await placed('2020:12:31 23:59:59.5+00:00')).toBe('48.8584\t2.2945\t35.5');
    expect(await placed('2021:01:01 00:00:00.5+00:00')).toBe('-33.8568\t151.2153\t-2');
    expect(gpx.match(/<time>/g)).toHaveLength(3);
    expect(manifest.sidecars.map((each) => each.path)).toEqual(['stream-2.gpx']);
    expect(manifest.warnings.filter((each) => each.includes('gpx'))).toEqual([]);
  });

  it.each([
    ['padding within its samples', (sample: Buffer) => Buffer.concat([sample, Buffer.alloc(12)]), undefined],
    [
      'a damaged sample',
      (sample: Buffer, i: number) => (i === 0 ? Buffer.concat([sample, Buffer.from('\n\x04test')]) : sample),
      /1 of its 2 samples is damaged or not GPMF/,
    ],
  ])('with %s is in the GPX nevertheless', async (_, change, told) => {
    const source = await sourceOf('padded.mp4', { ...GPS, samples: GPS.samples.map(change) });
    const { path, manifest } = await milledFile(source, { ...settings, gpx: true });
    expect((await readFile(path('stream-2.gpx'), 'utf8')).match(/<time>/g)).toHaveLength(3);
    const warnings = manifest.warnings.filter((each) => each.includes('gpx'));
    expect(warnings).toEqual(told ? [expect.stringMatching(told)] : []);
  });

  it('with positions nowhere on the earth leaves them out, and says how many', async () => {
    const nowhere = gps5('210101000000.500', 3, [{ lat: 95, lon: 200, ele: 1 }]);
    const source = await sourceOf('astray.mp4', { ...GPS, samples: [...GPS.samples.slice(0, 1), nowhere] });
    const { path, manifest } = await milledFile(source, { ...settings, gpx: true });
    expect((await readFile(path('stream-2.gpx'), 'utf8')).match(/<trkpt/g)).toHaveLength(2);
    expect(manifest.warnings).toContainEqual(expect.stringMatching(/1 of its positions is nowhere on the earth/));
  });

  it('without a position in it leaves no GPX, and says so', async () => {
    const { manifest } = await milledFile(await sourceOf('nowhere.mp4', ODD_SAMPLES), { ...settings, gpx: true });
    expect(manifest.sidecars).toEqual([]);
    expect(manifest.warnings).toContainEqual(expect.stringMatching(/^gpx=true: stream 2 has no position/));
  });

  const broken: readonly [string, (stbl: Buffer) => Buffer][] = [
    ['points behind the end of the file', (mp4) => edited(mp4, 'stco', 16, 0x7fff_fff0)],
    ['has one sample of a gigabyte', (mp4) => edited(mp4, 'stsz', 20, 0x4000_0000)],
    ['has a table of chunks without order', (mp4) => edited(mp4, 'stsc', 16, 9)],
  ];
  it.each(broken)('that %s harms nothing: the film comes out, and the loss is told', async (_, breakIt) => {
    const source = join(folder, 'broken.mp4');
    await writeFile(source, breakIt(withDataTrack(clip, ODD_SAMPLES)));
    const { manifest } = await milledFile(source, settings).catch((error: Error) => ({ manifest: error.message }));
    if (typeof manifest === 'string') expect(manifest).toMatch(/"code":"(bad-input|truncated)"/);
    else
      expect(JSON.stringify([manifest.streams[2], manifest.warnings])).toMatch(
        /second way|dropped|without their times/,
      );
  });
});

/** Writes a number into a table of the last track. */
function edited(mp4: Buffer, type: string, at: number, value: number): Buffer {
  const bytes = Buffer.from(mp4);
  bytes.writeUInt32BE(value, bytes.lastIndexOf(type) - 4 + at);
  if (boxes(bytes).length === 0) throw new Error('no boxes');
  return bytes;
}
