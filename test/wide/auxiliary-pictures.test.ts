import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { milledFile } from '../support/mill.ts';

/** A film with a second picture of which its track says that it is not to be shown, as the disparity of a phone's. */
const withDisparity = {
  file: 'disparity.mp4',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-f', 'lavfi', '-i', 'testsrc=s=64x64:r=25:d=0.4'],
    ...['-map', '0', '-map', '1', '-c:v', 'libx264', '-preset', 'ultrafast'],
  ],
  edit: (bytes: Buffer) => {
    const handler = Buffer.from('hdlr\0\0\0\0\0\0\0\0vide', 'latin1');
    const last = bytes.lastIndexOf(handler);
    bytes.write('auxv', last + handler.length - 4, 'latin1');
    return bytes;
  },
};

/** The handlers of an MP4's tracks, in order. */
async function handlersOf(path: string): Promise<readonly string[]> {
  const text = (await readFile(path)).toString('latin1');
  return [...text.matchAll(/hdlr[\s\S]{8}(vide|auxv)/g)].map(([, handler = '']) => handler);
}

describe('a picture that is not to be shown (auxv)', () => {
  it.each([
    { recipe: 'preserve', given: { preset: 'ultrafast', evenIfLarger: 'true' }, made: 'preserve.mp4' },
    { recipe: 'mezzanine', given: {}, made: '422.mov' },
  ])('stays one, with its packets and its times, in $recipe', async ({ recipe, given, made }) => {
    const { manifest, path } = await milledFile(await makeClip(withDisparity), given, recipe);
    expect(manifest.streams[1]).toMatchObject({ fate: 'kept', why: expect.stringContaining('its track is copied') });
    expect(manifest.renditions[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(await handlersOf(path(made))).toEqual(['vide', 'auxv']);
  });

  it('is beside the film where that is Matroska', async () => {
    const given = { preset: 'ultrafast', evenIfLarger: 'true', container: 'mkv' };
    const { manifest } = await milledFile(await makeClip(withDisparity), given);
    expect(manifest.streams[1]?.sidecar).toBeDefined();
  });
});
