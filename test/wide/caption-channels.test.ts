import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Caption, captionPairs, PADDING, type Triplet, withTriplets, YELLOW_ROW } from '../fixtures/captions.ts';
import { serviceTriplets } from '../fixtures/service-captions.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { plainH264 } from '../support/plain-h264.ts';
import { smallLadder } from '../support/small-ladder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const FRAMES = 100;
const SAID: readonly Caption[] = [
  { text: 'HELLO', from: 24, to: 50 },
  { text: 'WORLD', from: 70, to: 80 },
];
const THIRD: readonly Caption[] = [{ text: 'HOLA', from: 30, to: 60 }];
/** The last row of captions, from its first column on. */
const LAST = 'line:84.67% position:10% align:start';
const [MARK_ONE, MARK_TWO] = [0xfc, 0xfd];

const srtOf = (...cues: readonly (readonly [times: string, text: string])[]) =>
  cues.map(([times, text], i) => `${i + 1}\n${times}\n${text}\n\n`).join('');

describe('closed captions of several channels inside the pictures', () => {
  let folder: string;
  let plain: Buffer;
  const at = (name: string) => join(folder, name);
  const filmOf = async (name: string, of: (frame: number) => readonly Triplet[]) => {
    await writeFile(at('captioned.h264'), withTriplets(plain, of));
    await run('ffmpeg', ['-v', 'error', '-y', '-r', '25', '-i', at('captioned.h264'), '-c', 'copy', at(name)]);
    return at(name);
  };
  beforeAll(async () => {
    folder = await temporaryFolder();
    plain = await plainH264(at('plain.h264'));
  });

  it('are each beside the film, and the manifest says which is where', async () => {
    const [first, third] = [captionPairs(FRAMES, SAID), captionPairs(FRAMES, THIRD, 3)];
    const film = await filmOf('three.mp4', (frame) => [
      [MARK_ONE, ...(first[frame] ?? PADDING)],
      [MARK_TWO, ...(third[frame] ?? PADDING)],
      ...serviceTriplets(frame, [{ text: 'Grüße', from: 25, to: 75 }]),
    ]);
    const { path, manifest } = await milledFile(film, settings);
    expect(manifest.sidecars.map((each) => each.path)).toEqual([
      ...['stream-0.srt', 'stream-0.cc3.srt', 'stream-0.service-1.srt'],
    ]);
    const read = (name: string) => readFile(path(name), 'utf8');
    expect(await read('stream-0.srt')).toBe(
      srtOf(['00:00:00,960 --> 00:00:02,000', 'HELLO'], ['00:00:02,800 --> 00:00:03,200', 'WORLD']),
    );
    expect(await read('stream-0.cc3.srt')).toBe(srtOf(['00:00:01,200 --> 00:00:02,400', 'HOLA']));
    expect(await read('stream-0.service-1.srt')).toBe(srtOf(['00:00:01,000 --> 00:00:03,000', 'Grüße']));
    expect(manifest.streams[0]?.why).toBe(
      're-encoded as HEVC; its closed captions are in the sidecar, as SubRip; each picture keeps its closed captions; CC1 is in stream-0.srt, CC3 in stream-0.cc3.srt, service 1 of CEA-708 in stream-0.service-1.srt',
    );
  });

  it('are WebVTT beside a ladder, and in its playlists', async () => {
    const [first, third] = [captionPairs(FRAMES, SAID), captionPairs(FRAMES, THIRD, 3, YELLOW_ROW)];
    const film = await filmOf('ladder.mp4', (frame) => [
      [MARK_ONE, ...(first[frame] ?? PADDING)],
      [MARK_TWO, ...(third[frame] ?? PADDING)],
      ...serviceTriplets(frame, [{ text: 'Grüße', from: 25, to: 75 }]),
    ]);
    const { path, manifest } = await milledFile(film, { preset: 'ultrafast' }, smallLadder);
    expect(manifest.subtitles?.map(({ path: name, hearingImpaired }) => [name, hearingImpaired])).toEqual([
      ['captions-0-cc1.vtt', true],
      ['captions-0-cc3.vtt', true],
      ['captions-0-service-1.vtt', true],
    ]);
    expect(await readFile(path('captions-0-cc1.vtt'), 'utf8')).toBe(
      `WEBVTT\n\n00:00:00.960 --> 00:00:02.000 ${LAST}\nHELLO\n\n00:00:02.800 --> 00:00:03.200 ${LAST}\nWORLD\n\n`,
    );
    expect(await readFile(path('captions-0-cc3.vtt'), 'utf8')).toBe(
      `WEBVTT\n\nSTYLE\n::cue(.yellow) { color: yellow }\n\n00:00:01.200 --> 00:00:02.400 ${LAST}\n<c.yellow>HOLA</c>\n\n`,
    );
    expect(await readFile(path('captions-0-service-1.vtt'), 'utf8')).toContain(`00:00:03.000 ${LAST}\nGrüße`);
    expect(manifest.streams[0]?.why).toContain(
      'as WebVTT in captions-0-cc1.vtt, for players; as WebVTT in captions-0-cc3.vtt',
    );
    const master = await readFile(path('master.m3u8'), 'utf8');
    expect(master.match(/TYPE=SUBTITLES/g)).toHaveLength(3);
    expect(manifest.warnings.filter((each) => /captions/.test(each))).toEqual([]);
    const args = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', path('captions-0-cc3.vtt')];
    expect((await run('ffprobe', args)).stdout.trim()).toBe('webvtt');
  });

  it('are told apart where two share a field, and where the first has none', async () => {
    const [second, fourth] = [captionPairs(FRAMES, SAID, 2), captionPairs(FRAMES, THIRD, 4)];
    const film = await filmOf('two.mp4', (frame) => [
      [MARK_ONE, ...(second[frame] ?? PADDING)],
      [MARK_TWO, ...(fourth[frame] ?? PADDING)],
    ]);
    const { path, manifest } = await milledFile(film, settings);
    expect(manifest.sidecars.map((each) => each.path)).toEqual(['stream-0.cc2.srt', 'stream-0.cc4.srt']);
    expect(manifest.streams[0]).toMatchObject({ sidecar: 'stream-0.cc2.srt' });
    expect(await readFile(path('stream-0.cc4.srt'), 'utf8')).toContain('HOLA');
  });
});
