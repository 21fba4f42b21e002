import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { captionPairs, PADDING, withTriplets } from '../fixtures/captions.ts';
import { PICTURE_PID, withProgramMap } from '../fixtures/program-map.ts';
import { serviceTriplets } from '../fixtures/service-captions.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { plainH264 } from '../support/plain-h264.ts';
import { smallLadder } from '../support/small-ladder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const FRAMES = 100;
const [MARK_ONE, MARK_TWO] = [0xfc, 0xfd];
const [H264, CAPTION_SERVICE] = [0x1b, 0x86];

/** Services of captions as ATSC A/65 6.9.2 has them: of a field of line 21, or of CEA-708 by its number. */
const line21 = (language: string, field: 1 | 2) => [...Buffer.from(language), 0x7e | (field - 1), 0x3f, 0xff];
const digital = (language: string, service: number) => [...Buffer.from(language), 0xc0 | service, 0x7f, 0xff];
const services = (...each: readonly (readonly number[])[]) => [
  ...[CAPTION_SERVICE, 1 + 6 * each.length, 0xc0 | each.length],
  ...each.flat(),
];

describe('the languages of closed captions that a program map names', () => {
  let folder: string;
  let plain: Buffer;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    plain = await plainH264(at('plain.h264'));
  });

  async function film(name: string, pictures: Buffer, descriptors: readonly number[]): Promise<string> {
    await writeFile(at(`${name}.h264`), pictures);
    await run('ffmpeg', ['-v', 'error', '-y', '-r', '25', '-i', at(`${name}.h264`), '-c', 'copy', at('plain.ts')]);
    const entries = [{ kind: H264, pid: PICTURE_PID, descriptors }];
    await writeFile(at(`${name}.ts`), withProgramMap(await readFile(at('plain.ts')), entries));
    return at(`${name}.ts`);
  }

  async function captioned(name: string): Promise<string> {
    const first = captionPairs(FRAMES, [{ text: 'HELLO', from: 24, to: 50 }]);
    const third = captionPairs(FRAMES, [{ text: 'HOLA', from: 30, to: 60 }], 3);
    const pictures = withTriplets(plain, (frame) => [
      [MARK_ONE, ...(first[frame] ?? PADDING)],
      [MARK_TWO, ...(third[frame] ?? PADDING)],
      ...serviceTriplets(frame, [{ text: 'Grüße', from: 25, to: 75 }]),
    ]);
    return film(name, pictures, services(line21('eng', 1), line21('spa', 2), digital('ger', 1), digital('fre', 2)));
  }

  it('go with the captions beside the film, and one without captions is named', async () => {
    const { manifest } = await milledFile(await captioned('beside'), settings);
    expect(manifest.sidecars.map(({ path, language }) => [path, language])).toEqual([
      ['stream-0.srt', 'eng'],
      ['stream-0.cc3.srt', 'spa'],
      ['stream-0.service-1.srt', 'deu'],
    ]);
    expect(manifest.streams[0]?.why).toContain(
      '; CC1 (eng) is in stream-0.srt, CC3 (spa) in stream-0.cc3.srt, service 1 of CEA-708 (deu) in stream-0.service-1.srt; its program map names service 2 of CEA-708 (fra), of which no caption is found',
    );
  });

  it('are those of the captions of a ladder, by which players choose', async () => {
    const { manifest } = await milledFile(await captioned('ladder'), { preset: 'ultrafast' }, smallLadder);
    expect(manifest.subtitles?.map(({ path, language }) => [path, language])).toEqual([
      ['captions-0-cc1.vtt', 'eng'],
      ['captions-0-cc3.vtt', 'spa'],
      ['captions-0-service-1.vtt', 'deu'],
    ]);
  });

  it('are named where the pictures hold no captions', async () => {
    const { manifest } = await milledFile(await film('none', plain, services(line21('eng', 1))), settings);
    expect(manifest.streams[0]?.why).toBe(
      're-encoded as HEVC; its program map names CC1 (eng), of which no caption is found',
    );
  });
});
