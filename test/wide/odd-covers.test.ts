import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { box, u32 } from '../fixtures/craft.ts';
import { describedFile } from '../fixtures/described.ts';
import { makeClip } from '../fixtures/make.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const handler = box('hdlr', Buffer.alloc(8), Buffer.from('mdirappl'), Buffer.alloc(9));
const cover = (type: number, bytes: Buffer) => box('covr', box('data', u32(type), u32(0), bytes));
const listOf = (...covers: readonly Buffer[]) => box('udta', box('meta', u32(0), handler, box('ilst', ...covers)));

describe('covers of an MP4 in Matroska', () => {
  let folder: string;
  let clip: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-f', 'lavfi', '-i', 'sine=d=1'];
    clip = await makeClip({ file: 'covered.mp4', args: [...picture, '-c:v', 'libx264', '-preset', 'ultrafast'] });
    for (const extension of ['bmp', 'png'])
      await run('ffmpeg', ['-v', 'error', '-y', '-i', clip, '-frames:v', '1', join(folder, `picture.${extension}`)]);
  });

  it.each([
    { what: 'a BMP', type: 27, extension: 'bmp', damaged: false },
    { what: 'a PNG whose box does not say so, beside a damaged BMP', type: 0, extension: 'png', damaged: true },
  ])('are attachments by their own bytes: $what', async ({ type, extension, damaged }) => {
    const picture = await readFile(join(folder, `picture.${extension}`));
    const covers = [...(damaged ? [cover(27, Buffer.from(`BM${'\0'.repeat(60)}`))] : []), cover(type, picture)];
    const source = await describedFile(clip, join(folder, `${extension}.mp4`), { movie: [listOf(...covers)] });
    const { path, manifest } = await milledFile(source, { ...QUICK, evenIfLarger: 'true', container: 'mkv' });
    const { stdout } = await run('mkvmerge', ['-J', path('preserve.mkv')]);
    expect(JSON.parse(stdout).attachments).toMatchObject([
      { content_type: `image/${extension}`, file_name: `cover.${extension}` },
    ]);
    await run('mkvextract', [path('preserve.mkv'), 'attachments', `1:${join(folder, 'extracted')}`]);
    expect((await readFile(join(folder, 'extracted'))).equals(picture)).toBe(true);
    expect(manifest.streams.find((stream) => stream.type === 'audio')).toMatchObject({ fate: 'kept' });
    expect(JSON.stringify(manifest.warnings)).not.toContain('second way');
  });

  it.each(['mkv', 'mp4'])(
    'have a line each, which says of a damaged one that it is not there (%s)',
    async (container) => {
      const jpeg = join(folder, 'picture.jpg');
      await run('ffmpeg', ['-v', 'error', '-y', '-i', clip, '-frames:v', '1', jpeg]);
      const covers = [cover(13, await readFile(jpeg)), cover(27, Buffer.from(`BM${'\0'.repeat(60)}`))];
      const source = await describedFile(clip, join(folder, `two-${container}.mp4`), { movie: [listOf(...covers)] });
      const made = await milledFile(source, { ...QUICK, evenIfLarger: 'true', container });
      const own = (made.manifest.renditions[0]?.metadata ?? []).filter(({ name }) => name === 'covr');
      expect(own).toMatchObject([
        { fate: 'converted' },
        { fate: 'dropped', why: 'this cover is not in the rendition: see the streams' },
      ]);
    },
  );
});
