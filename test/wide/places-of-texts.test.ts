import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const SRT = '1\n00:00:00,100 --> 00:00:00,300\nHello\n';
/**
 * Where the top of a track stands in its header, if its dates are short, and where a description of text has its justification and its box,
 * counted from its flags (3GPP TS 26.245 5.16).
 */
const [TOP_AT, JUSTIFIED_AT, BOX_AT] = [44 + 7 * 4, 16, 22];

describe('the place of the texts of an MP4', () => {
  let folder: string;
  let plain: Buffer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const [texts, clip] = [join(folder, 'texts.srt'), join(folder, 'plain.mp4')];
    await writeFile(texts, SRT);
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-i', texts];
    await run('ffmpeg', [
      '-v',
      'error',
      ...picture,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-c:s',
      'mov_text',
      clip,
    ]);
    plain = await readFile(clip);
  });

  const inHeader = (bytes: Buffer) => bytes.writeInt32BE(40 << 16, bytes.lastIndexOf('tkhd') + TOP_AT);
  const inDescription = (bytes: Buffer) =>
    [40, 0, 64, 96].forEach((edge, i) => {
      bytes.writeInt16BE(edge, bytes.lastIndexOf('tx3g') + BOX_AT + 2 * i);
    });
  const atTheTop = (bytes: Buffer) => bytes.writeInt8(0, bytes.lastIndexOf('tx3g') + JUSTIFIED_AT + 1);
  const OF_TRACK = 'track 1 | position of its track in the film | dropped |';
  const OF_TEXTS = 'track 1 | position of its texts | dropped | Matroska has no place for it; container=mp4 keeps it';

  it.each([
    { where: 'nowhere', edit: () => {}, container: 'mkv', told: [] },
    {
      where: 'in the header of their track',
      edit: inHeader,
      container: 'mkv',
      told: [`${OF_TRACK} Matroska has no place for it`],
    },
    { where: 'in the description of their track', edit: inDescription, container: 'mkv', told: [OF_TEXTS] },
    { where: 'at the top by their description', edit: atTheTop, container: 'mkv', told: [OF_TEXTS] },
    {
      where: 'in the header of their track',
      edit: inHeader,
      container: 'mp4',
      told: [`${OF_TRACK} ffmpeg writes tracks of text without it`],
    },
    { where: 'in the description of their track', edit: inDescription, container: 'mp4', told: [] },
  ])('is told where it is lost: it stands $where, container=$container', async ({ edit, container, told }) => {
    const bytes = Buffer.from(plain);
    edit(bytes);
    const path = join(folder, 'placed.mp4');
    await writeFile(path, bytes);
    const made = await milledFile(path, { ...settings, container });
    expect(linesOf(made).filter((line) => line.includes('position'))).toEqual(told);
    if (container !== 'mp4') return;
    const of = (file: Buffer) => file.subarray(file.lastIndexOf('tx3g')).subarray(JUSTIFIED_AT, BOX_AT + 8);
    expect(of(await readFile(made.path('preserve.mp4')))).toEqual(of(bytes));
  });
});
