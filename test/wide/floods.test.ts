import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { judgeStructure } from '../../media/structure/judge-structure.ts';
import { boxes, text, u32 } from '../fixtures/craft.ts';
import { makeClip } from '../fixtures/make.ts';
import { ONE_SOUND, ofTrack } from '../fixtures/odd-tracks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const judge = (path: string) => judgeStructure(path, new AbortController().signal);
const refusal = (says: RegExp) => ({ code: 'bad-input', message: expect.stringMatching(says) });

describe('a file that would cost minutes and gigabytes to read is refused before', () => {
  it('an MP4 whose samples have 65,535 descriptions', async () => {
    const edit = ofTrack(0, ['mdia', 'minf', 'stbl', 'stsd'], (stsd) =>
      Buffer.concat([u32(0), u32(65_535), ...Array(65_535).fill(stsd.subarray(8))]),
    );
    const path = await makeClip({ file: 'descriptions.mp4', args: ONE_SOUND, edit });
    await expect(judge(path)).rejects.toMatchObject(refusal(/states 65535 entries/));
  });

  it('an MP4 with a tag of 200 MB', async () => {
    const mp4 = await readFile(await makeClip({ file: 'whole.mp4', args: ONE_SOUND }));
    const moov = boxes(mp4).find(({ type }) => type === 'moov')?.start ?? 0;
    const tagBytes = 200_000_000;
    const bytes = Buffer.concat([mp4, u32(tagBytes), text('udta')]);
    u32(mp4.length - moov + tagBytes).copy(bytes, moov);
    const path = join(await temporaryFolder(), 'tag.mp4');
    await writeFile(path, bytes);
    await truncate(path, mp4.length + tagBytes); // a hole, that costs no disk
    await expect(judge(path)).rejects.toMatchObject(refusal(/200000000 bytes of tags/));
  });

  it('bare H.264 that changes its parameters two million times', async () => {
    const h264 = await readFile(await makeClip({ file: 'bare.h264', args: [...ONE_SOUND, '-an'] }));
    const set = h264.subarray(h264.indexOf('0000000167', 0, 'hex'), h264.indexOf('0000000168', 0, 'hex'));
    const flood = Buffer.concat([h264, ...Array(2_000_000).fill(set)]);
    const path = join(await temporaryFolder(), 'flood.h264');
    await writeFile(path, flood);
    await expect(judge(path)).rejects.toMatchObject(refusal(/new parameters without a picture/));
  });

  it('and not bare H.264 of keyframes alone, each behind its parameters', async () => {
    const args = ['-f', 'lavfi', '-i', 'testsrc2=size=32x32:rate=25:duration=20', '-c:v', 'libx264', '-g', '1'];
    expect(await judge(await makeClip({ file: 'keyframes.h264', args }))).toMatchObject({ kind: 'sound' });
  });
});
