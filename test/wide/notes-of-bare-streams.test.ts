import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { beforeSlices, captionPairs, PADDING, withMpeg2Captions } from '../fixtures/captions.ts';
import { captionMessage, hdr10plus, rpuOfProfile, unitsOf, withUnits } from '../fixtures/picture-notes.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { smallLadder } from '../support/small-ladder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const PICTURES = 100;
const SAID = captionPairs(PICTURES, [
  { text: 'HELLO', from: 24, to: 50 },
  { text: 'WORLD', from: 70, to: PICTURES + 1 },
]);
const SRT = '1\n00:00:00,960 --> 00:00:02,000\nHELLO\n\n2\n00:00:02,800 --> 00:00:04,000\nWORLD\n\n';

/** The place of each picture in the order of showing, in the order of decoding. */
async function placesIn(path: string): Promise<readonly number[]> {
  const { packets } = await ffprobe(path, '-select_streams', 'V:0', '-show_packets');
  const times: readonly number[] = packets.map(({ pts }: { pts: number }) => pts);
  const shown = [...times].sort((a, b) => a - b);
  return times.map((time) => shown.indexOf(time));
}

/** What stands in each picture besides the picture, in the order of showing. */
async function notesIn(path: string, places: readonly number[], pictures = PICTURES): Promise<readonly string[]> {
  const raw = `${path}.h265`;
  await run('ffmpeg', ['-v', 'error', '-y', '-i', path, '-map', '0:v:0', '-c', 'copy', '-f', 'hevc', raw]);
  const notes: string[][] = [];
  let before: string[] = [];
  for (const { type, bytes } of unitsOf(await readFile(raw))) {
    if (type < 32) [before] = [[], notes.push(before)];
    else if (type === 62) notes.at(-1)?.push(bytes.toString('hex'));
    else if (type === 39 && bytes[4] === 0xb5) before.push(bytes.toString('hex'));
  }
  expect(notes).toHaveLength(pictures);
  const shown: string[] = [];
  for (const [i, place] of places.entries()) shown[place] = notes[i]?.sort().join(' ') ?? '';
  return shown;
}

describe('what pictures of a bare stream say, which has no times', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const picture = ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=4'];
  beforeAll(async () => {
    folder = await temporaryFolder();
    const colour = 'colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc';
    const hevc = ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-tag:v', 'hvc1'];
    const params = ['-x265-params', `log-level=error:bframes=3:keyint=25:info=0:${colour}`];
    await run('ffmpeg', [...picture, ...hevc, ...params, at('plain.mp4')]);
    const places = await placesIn(at('plain.mp4'));
    const units = (i: number) => {
      const place = places[i] ?? 0;
      const caption = captionMessage(...(SAID[place] ?? PADDING));
      return { before: [caption, hdr10plus(place)], behind: [rpuOfProfile(8, place)] };
    };
    await writeFile(at('said.mp4'), withUnits(await readFile(at('plain.mp4')), units));
    await run('ffmpeg', ['-v', 'error', '-i', at('said.mp4'), '-c', 'copy', at('said.hevc')]);
  });

  it('goes to the pictures of the result in the order of showing, and captions are at their times', async () => {
    const { path, manifest } = await milledFile(at('said.hevc'), settings);
    expect(await readFile(path('stream-0.srt'), 'utf8')).toBe(SRT);
    const made = path('preserve.mp4');
    const said = await notesIn(at('said.mp4'), await placesIn(at('said.mp4')));
    expect(new Set(said).size).toBe(PICTURES);
    expect(await notesIn(made, await placesIn(made))).toEqual(said);
    expect(manifest.warnings.filter((each) => /captions|Dolby|HDR10/.test(each))).toEqual([]);
  });

  it('is kept where the last RPU has no picture, of which alone it is told that it is lost', async () => {
    const delimiter = Buffer.from('00000001460150', 'hex');
    const alone = [delimiter, Buffer.from([0, 0, 0, 1]), rpuOfProfile(8, PICTURES)];
    await writeFile(at('more.hevc'), Buffer.concat([await readFile(at('said.hevc')), ...alone]));
    const { path, manifest } = await milledFile(at('more.hevc'), settings);
    const made = path('preserve.mp4');
    const said = await notesIn(at('said.mp4'), await placesIn(at('said.mp4')));
    expect(await notesIn(made, await placesIn(made))).toEqual(said);
    expect(manifest.warnings.filter((each) => /captions|Dolby|HDR10/.test(each))).toEqual([
      "1 packet of the source gives no picture: its part of Dolby Vision's metadata is lost",
    ]);
  });

  it('goes to its picture where a recording begins before its first keyframe', async () => {
    const bytes = await readFile(at('said.hevc'));
    const units: number[] = [];
    for (let unit = bytes.indexOf('000001', 0, 'hex'); unit >= 0; unit = bytes.indexOf('000001', unit + 3, 'hex'))
      units.push(unit);
    const typeAt = (unit: number) => ((bytes[unit + 3] ?? 0) >> 1) & 63;
    const parameters = [32, 33, 34].map((type) => {
      const at = units.findIndex((unit) => typeAt(unit) === type);
      return bytes.subarray(units[at], units[at + 1]);
    });
    const from = units.filter((unit) => typeAt(unit) < 32)[9];
    await writeFile(at('cut.hevc'), Buffer.concat([...parameters, bytes.subarray(from)]));
    const { path, manifest } = await milledFile(at('cut.hevc'), settings);
    const made = path('preserve.mp4');
    const places = await placesIn(made);
    // its RPU tells a picture; that there is HDR10+ stood before the first slice
    const rpuOf = (note: string) => note.split(' ').at(-1);
    const said = (await notesIn(at('said.mp4'), await placesIn(at('said.mp4')))).map(rpuOf);
    const found = (await notesIn(made, places, places.length)).map((note) => said.indexOf(rpuOf(note)));
    // the decoder leaves pictures out where groups meet; those that it gives have their own notes, in their order
    expect(found.every((place, i) => i === 0 || place > (found[i - 1] ?? 0))).toBe(true);
    expect(found.length).toBeGreaterThan(80);
    expect(found.at(-1)).toBe(PICTURES - 1);
    expect(manifest.warnings.filter((each) => /could not be carried/.test(each))).toEqual([]);
  });

  it('is at its time beside a ladder', async () => {
    const { path } = await milledFile(at('said.hevc'), { preset: 'ultrafast' }, smallLadder);
    expect(await readFile(path('captions-0-cc1.vtt'), 'utf8')).toMatch(
      /00:00:00\.960 --> 00:00:02\.000 .*\nHELLO\n\n00:00:02\.800 --> 00:00:04\.000 .*\nWORLD\n/,
    );
  });

  it.each([
    ['a stream of MPEG-2', 'film.m2v', []],
    ['a program stream without times', 'film.vob', ['-f', 'vob']],
  ])('is at its time in %s', async (_, name, container) => {
    const mpeg2 = ['-c:v', 'mpeg2video', '-g', '12', '-bf', '2', '-q:v', '3'];
    await run('ffmpeg', [...picture, ...mpeg2, at('plain.ts')]);
    await run('ffmpeg', ['-v', 'error', '-y', '-i', at('plain.ts'), '-c', 'copy', at('plain.m2v')]);
    const places = await placesIn(at('plain.ts'));
    const decoded = places.map((place) => SAID[place] ?? PADDING);
    await writeFile(at('said.m2v'), withMpeg2Captions(await readFile(at('plain.m2v')), decoded));
    const copied = ['-v', 'error', '-y', '-r', '25', '-i', at('said.m2v'), '-c', 'copy', ...container, at(name)];
    await run('ffmpeg', copied);
    const { path, manifest } = await milledFile(at(name), settings);
    expect(await readFile(path('stream-0.srt'), 'utf8')).toBe(SRT);
    expect(manifest.warnings.filter((each) => /captions/.test(each))).toEqual([]);
  });

  it.each([
    ['without times', 'dvd.m2v', []],
    ['in Matroska', 'dvd.mkv', ['-fflags', '+genpts']],
  ])(
    'is at its time in a DVD %s, whose captions lie in the first picture of each open group',
    async (_, name, input) => {
      const mpeg2 = ['-c:v', 'mpeg2video', '-g', '12', '-bf', '2', '-q:v', '3'];
      await run('ffmpeg', [...picture, ...mpeg2, at('plain.ts')]);
      await run('ffmpeg', ['-v', 'error', '-y', '-i', at('plain.ts'), '-c', 'copy', at('plain.m2v')]);
      const places = await placesIn(at('plain.ts'));
      const { packets } = await ffprobe(at('plain.ts'), '-select_streams', 'V:0', '-show_packets');
      const begins = [...places.keys()].filter((i) => packets[i].flags.startsWith('K'));
      expect(places.slice(0, begins[1]).some((place, i) => place < i)).toBe(true);
      const dataFor = (i: number) => {
        if (!begins.includes(i)) return Buffer.alloc(0);
        const group = places.slice(i, begins[begins.indexOf(i) + 1]).sort((a, b) => a - b);
        const blocks = group.flatMap((place) => [0xff, ...(SAID[place] ?? PADDING), 0xfe, ...PADDING]);
        return Buffer.from([0, 0, 1, 0xb2, 0x43, 0x43, 1, 0xf8, 0x80 | (group.length << 1), ...blocks]);
      };
      await writeFile(at('dvd.m2v'), beforeSlices(await readFile(at('plain.m2v')), dataFor));
      if (name !== 'dvd.m2v')
        await run('ffmpeg', ['-v', 'error', ...input, '-r', '25', '-i', at('dvd.m2v'), '-c', 'copy', at(name)]);
      const { path } = await milledFile(at(name), settings);
      expect(await readFile(path('stream-0.srt'), 'utf8')).toBe(SRT);
    },
  );
});
