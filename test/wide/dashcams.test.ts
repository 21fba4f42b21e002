import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { boxesOf } from '../../core/bytes/boxes.ts';
import { box, text, u32 } from '../fixtures/craft.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { smallLadder } from '../support/small-ladder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

const little = (...values: readonly number[]) =>
  Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      return bytes;
    }),
  );

const float = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};

/** A block as cameras of Viofo write it: space in which the time, the status, the hemispheres, the place, the speed and the course stand. */
function block(second: number, signs: string, [lat, lon]: readonly [number, number], begins = 0x10): Buffer {
  const said = [little(9, 41, second, 23, 6, 15), text(`${signs}\0`), float(lat), float(lon), float(12.5), float(90)];
  const head = [u32(0x200), text('freeGPS '), little(0x1f0), Buffer.alloc(begins - 0x10)];
  return Buffer.concat([...head, ...said, Buffer.alloc(0x200)]).subarray(0, 0x200);
}

const BLOCKS = [
  block(1, 'ANE', [4851.5, 217.676]),
  block(2, 'ASW', [3351.408, 15112.918], 0x30),
  block(3, 'VNE', [4851.5, 217.676]),
  block(4, 'ANE', [Number.NaN, 217.676]),
];

describe('where a dashcam was', () => {
  let folder: string;
  let plain: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    plain = join(folder, 'plain.mp4');
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', ...picture, plain]);
  });

  /** The film with blocks behind it, and a box that lists where they lie; its moov is the last box of ffmpeg's. */
  async function filmOf(name: string, blocks: readonly Buffer[], shift = 0): Promise<string> {
    const film = await readFile(plain);
    const moov = boxesOf(film, 0, film.length).find(({ type }) => type === 'moov');
    if (moov?.end !== film.length) throw new Error('its moov is not the last box');
    const listBytes = 16 + 8 * blocks.length;
    const first = film.length + listBytes + 8 + shift;
    const list = box(
      'gps ',
      u32(0x101),
      u32(blocks.length),
      ...blocks.map((_, i) => Buffer.concat([u32(first + i * 0x200), u32(0x200)])),
    );
    const path = join(folder, name);
    // exiftool looks for it between the tracks and the user data
    const inside = boxesOf(film, moov.body, moov.end).flatMap(({ type, start, end }) => [
      ...(type === 'udta' ? [list] : []),
      film.subarray(start, end),
    ]);
    const movie = [film.subarray(0, moov.start), box('moov', ...inside)];
    await writeFile(path, Buffer.concat([...movie, box('mdat', ...blocks)]));
    return path;
  }

  it('is beside the film as GPX, if asked for, as exiftool reads it', async () => {
    const source = await filmOf('viofo.mp4', BLOCKS);
    const made = await milledFile(source, { ...settings, gpx: true });
    const gpx = await readFile(made.path('stream-0.gpx'), 'utf8');
    const points = [...gpx.matchAll(/lat="([-\d.]+)" lon="([-\d.]+)".*?<time>(.*?)<\/time>/g)].map(
      ([, ...said]) => said,
    );
    const args = ['-ee3', '-n', '-q', '-p', '$GPSLatitude $GPSLongitude $GPSDateTime', source];
    const [first = ''] = (await run('exiftool', args)).stdout.split('\n');
    const [lat, lon, day = '', time] = first.split(' ');
    expect(points).toHaveLength(2);
    expect(Number(points[0]?.[0])).toBeCloseTo(Number(lat), 5);
    expect(Number(points[0]?.[1])).toBeCloseTo(Number(lon), 5);
    expect(points[0]?.[2]).toBe(`${day.replaceAll(':', '-')}T${time?.replace('Z', '.000Z')}`);
    expect(points[1]?.map(Number).slice(0, 2)).toEqual([expect.closeTo(-33.8568, 4), expect.closeTo(-151.2153, 4)]);
    expect(made.manifest.sidecars.map((each) => each.path)).toEqual(['stream-0.gps.bin', 'stream-0.gpx']);
    expect(made.manifest.warnings.filter((each) => each.includes('gpx'))).toEqual([]);
    expect(linesOf(made)).toContainEqual(expect.stringMatching(/gps.* \| dropped \| .*gpx=true/));
  });

  it('is beside the film byte for byte, whatever the layout of its blocks is, but beside no ladder', async () => {
    const unknown = [...BLOCKS, Buffer.alloc(0x200, 0xa5)];
    const source = await filmOf('blocks.mp4', unknown);
    const { path, manifest } = await milledFile(source, settings);
    expect((await readFile(path('stream-0.gps.bin'))).equals(Buffer.concat(unknown))).toBe(true);
    expect(manifest.streams[0]?.why).toContain(
      "; 5 blocks that its camera put among the pictures (Novatek's GPS) are in stream-0.gps.bin, byte for byte",
    );
    const streamed = await milledFile(source, {}, smallLadder);
    expect(streamed.manifest.sidecars).toEqual([]);
    expect(streamed.manifest.streams[0]?.why).not.toContain('blocks');
  });

  it('is beside the film once where its list names a block again', async () => {
    const source = await filmOf('again.mp4', BLOCKS);
    const film = await readFile(source);
    const list = film.indexOf('gps ');
    film.copy(film, list + 20, list + 12, list + 20); // the second entry is the first one again
    await writeFile(source, film);
    const { path } = await milledFile(source, settings);
    expect((await readFile(path('stream-0.gps.bin'))).length).toBe(3 * 0x200);
  });

  it.each([
    { does: 'lists nothing', blocks: [], shift: 0 },
    { does: 'has no fix', blocks: BLOCKS.slice(2), shift: 0 },
    { does: 'points behind the end', blocks: BLOCKS, shift: 0x7000_0000 },
  ])('is told as unknown where its list $does', async ({ does, blocks, shift }) => {
    const source = await filmOf(`${does}.mp4`, blocks, shift);
    const { manifest } = await milledFile(source, { ...settings, gpx: true });
    expect(manifest.sidecars.map(({ path }) => path)).toEqual(does === 'has no fix' ? ['stream-0.gps.bin'] : []);
    expect(manifest.warnings).toContainEqual(expect.stringContaining('no positions of a dashcam'));
  });
});
