import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

describe('a sound that is marked', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-f', 'lavfi', '-i', 'sine=d=0.4'];
    const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'mp2'];
    const made = (name: string, ...more: readonly string[]) =>
      run('ffmpeg', ['-v', 'error', '-y', ...inputs, '-map', '0', '-map', '1', ...codecs, ...more, at(name)]);
    await made('camera.mp4', '-c:a', 'aac', '-metadata:s:a:0', 'handler_name=GoPro AAC');
    await made('effects.ts', '-map', '1', '-disposition:a:1', 'clean_effects');
    await made('said.mkv', '-map', '1', '-disposition:a:0', 'original', '-disposition:a:1', 'comment');
  });

  const sounds = async (path: string) => {
    const shown = ['-select_streams', 'a', '-show_entries', 'stream=index:stream_tags:stream_disposition'];
    return JSON.parse((await run('ffprobe', ['-v', 'error', ...shown, '-of', 'json', path])).stdout).streams;
  };

  it('keeps what a camera calls it in MP4, and has it as a tag in Matroska', async () => {
    const same = await milledFile(at('camera.mp4'), settings);
    expect(await sounds(same.path('preserve.mp4'))).toMatchObject([{ tags: { handler_name: 'GoPro AAC' } }]);
    const other = await milledFile(at('camera.mp4'), { ...settings, container: 'mkv' });
    expect(linesOf(other)).toContain('track 1 | handler_name | converted | written as a tag of Matroska');
    const { stdout } = await run('mkvextract', [other.path('preserve.mkv'), 'tags']);
    expect(stdout).toMatch(/HANDLER_NAME<\/Name>\s*<String>GoPro AAC/);
  });

  it.each([
    ['mp4', 'MP4'],
    ['mkv', 'Matroska'],
  ])('is named where it is for clean effects, in %s', async (container, name) => {
    const made = await milledFile(at('effects.ts'), { ...settings, container });
    expect(linesOf(made)).toContain(`track 2 | clean effects | dropped | ${name} has no mark for it`);
  });

  it('is a comment in MP4 too, and named where it is the original', async () => {
    const made = await milledFile(at('said.mkv'), settings);
    expect(await sounds(made.path('preserve.mp4'))).toMatchObject([{}, { disposition: { comment: 1 } }]);
    expect((await readFile(made.path('preserve.mp4'))).includes('public.original-content')).toBe(true);
    const same = await milledFile(at('said.mkv'), { ...settings, container: 'mkv' });
    expect(await sounds(same.path('preserve.mkv'))).toMatchObject([
      { disposition: { original: 1 } },
      { disposition: { comment: 1 } },
    ]);
  });
});
