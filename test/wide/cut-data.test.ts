import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { boxByPath, boxesOf, movieIn } from '../../core/bytes/boxes.ts';
import { editsIn } from '../../core/bytes/edit-list-box.ts';
import { withDataTrack } from '../fixtures/telemetry.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const SETTINGS = { ...QUICK, evenIfLarger: 'true' };
const SAMPLES = Array.from({ length: 8 }, (_, i) => Buffer.from(`sample ${i}`));

/** A film of 4 seconds with a time code, of whose tracks of these kinds edit lists hide the first two seconds; its data have a sample each half second. */
async function cutFilm(
  folder: string,
  { entry, hidden }: { readonly entry: string; readonly hidden: readonly string[] },
) {
  const plain = join(folder, `${entry}-${hidden.length}.mov`);
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=4', '-f', 'lavfi', '-i', 'sine=d=4'];
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '25', '-c:a', 'pcm_s16le'];
  await run('ffmpeg', ['-v', 'error', '-y', ...inputs, ...codecs, '-timecode', '10:00:59:00', plain]);
  const durations = SAMPLES.map(() => 500);
  const whole = await readFile(plain);
  const bytes = withDataTrack(whole, { entry, samples: SAMPLES, durations, edits: [[4000, 0]] });
  for (let at = bytes.indexOf('elst'); at >= 0; at = bytes.indexOf('elst', at + 1)) {
    const handler = bytes.toString('latin1', bytes.indexOf('hdlr', at) + 12).slice(0, 4);
    if (!hidden.includes(handler)) continue;
    bytes.writeUInt32BE(2000, at + 12); // behind the type, the flags and the number of edits
    bytes.writeUInt32BE(2 * bytes.readUInt32BE(bytes.indexOf('mdhd', at) + 16), at + 16);
  }
  await writeFile(plain, bytes);
  return plain;
}

/** When each sample of a track of data is shown, in seconds, by its tables alone. */
async function shownIn(path: string, entry: string): Promise<readonly (readonly [string, number])[]> {
  const file = await readFile(path);
  const moov = movieOf(file);
  const movie = movieIn(moov);
  const scale = (box: { readonly body: number } | undefined) => moov.readUInt32BE((box?.body ?? 0) + 12);
  const movieScale = scale(boxByPath(moov, movie, 'mvhd'));
  const track = boxesOf(moov, movie.body, movie.end).find((box) => {
    const stsd = boxByPath(moov, box, 'mdia', 'minf', 'stbl', 'stsd');
    return stsd && moov.toString('latin1', stsd.body + 12, stsd.body + 16) === entry;
  });
  const [stts, elst] = track
    ? [boxByPath(moov, track, 'mdia', 'minf', 'stbl', 'stts'), boxByPath(moov, track, 'edts', 'elst')]
    : [];
  if (!track || !stts) throw new Error(`no track of ${entry}`);
  const timescale = scale(boxByPath(moov, track, 'mdia', 'mdhd'));
  const times: number[] = [];
  let time = 0;
  for (let at = stts.body + 8; at < stts.end; at += 8)
    for (let i = 0; i < moov.readUInt32BE(at); i++) {
      times.push(time / timescale);
      time += moov.readUInt32BE(at + 4);
    }
  let at = 0;
  return (elst ? (editsIn(moov, elst) ?? []) : [{ from: 0, lasts: 4 * movieScale }]).flatMap(({ from, lasts }) => {
    const begins = at;
    at += lasts / movieScale;
    const begin = from / timescale;
    return times.flatMap((each, i) =>
      from >= 0 && each >= begin && each < begin + lasts / movieScale
        ? [[`sample ${i}`, Number((begins + each - begin).toFixed(3))] as const]
        : [],
    );
  });
}

function movieOf(file: Buffer): Buffer {
  const moov = boxesOf(file, 0, file.length).find(({ type }) => type === 'moov');
  if (!moov) throw new Error('no movie box');
  return file.subarray(moov.start, moov.end);
}

describe('a film of which an edit list hides the first two seconds', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  const ALL = ['vide', 'soun', 'tmcd', 'meta'];

  it.each([
    { entry: 'gpmd', recipe: 'preserve', hidden: ALL },
    { entry: 'camm', recipe: 'downscale', hidden: ALL },
    { entry: 'mett', recipe: 'mezzanine', hidden: ALL },
    { entry: 'gpmd', recipe: 'preserve', hidden: ['vide', 'soun'] },
  ])('has its data at their times: $entry, $recipe, $hidden', async ({ entry, recipe, hidden }) => {
    const source = await cutFilm(folder, { entry, hidden });
    const { manifest, path } = await milledFile(source, recipe === 'mezzanine' ? {} : SETTINGS, recipe);
    const [rendition] = manifest.renditions;
    const first = hidden.includes('meta') ? 4 : 0;
    expect(await shownIn(path(rendition?.path ?? ''), entry)).toEqual(
      SAMPLES.slice(first).map((_, i) => [`sample ${i + first}`, i / 2]),
    );
  });

  it.each([
    { container: 'mp4', hidden: ALL, shown: '10:01:01:00' },
    { container: 'mkv', hidden: ALL, shown: '10:01:01:00' },
    { container: 'mp4', hidden: ['vide', 'soun'], shown: '10:00:59:00' },
  ])('has the time code that is shown first: $container, $hidden', async ({ container, hidden, shown }) => {
    const source = await cutFilm(folder, { entry: 'gpmd', hidden });
    const first = async (path: string) =>
      (await run('mediainfo', [path])).stdout.match(/Time code of first frame\s+: (\S+)/)?.[1];
    const { path } = await milledFile(source, { ...SETTINGS, container });
    expect([await first(source), await first(path(`preserve.${container}`))]).toEqual([shown, shown]);
  });
});
