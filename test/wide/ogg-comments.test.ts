import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

/** A cover of one pixel, as comments hold it (RFC 9639 8.8): a front cover, described as "front". */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const counted = (bytes: Buffer) => Buffer.concat([u32(bytes.length), bytes]);
const pixel = Buffer.from(PIXEL, 'base64');
const sizes = [1, 1, 32, 0].map(u32);
const COVER = Buffer.concat([
  u32(3),
  counted(Buffer.from('image/png')),
  counted(Buffer.from('front')),
  ...sizes,
  counted(pixel),
]);

describe('the comments of an Ogg film', () => {
  let film: string;
  beforeAll(async () => {
    film = join(await temporaryFolder(), 'film.ogv');
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-f', 'lavfi', '-i', 'sine=d=0.4'];
    const codecs = ['-c:v', 'libtheora', '-c:a', 'libvorbis'];
    const picture = ['-metadata:s:v', 'TITLE=One;Two', '-metadata:s:v', 'ARTIST=A;B'];
    const sound = [
      '-metadata:s:a',
      'ARTIST=Another',
      '-metadata:s:a',
      `METADATA_BLOCK_PICTURE=${COVER.toString('base64')}`,
    ];
    await run('ffmpeg', ['-v', 'error', '-y', ...inputs, ...codecs, ...picture, ...sound, film]);
  });

  it.each(['mp4', 'mkv'])('become tags: those of the sound too, and nothing of a cover (%s)', async (container) => {
    const { manifest } = await milledFile(film, { ...QUICK, evenIfLarger: 'true', container });
    const lines = manifest.renditions[0]?.metadata ?? [];
    const names = lines.flatMap(({ name, fate }) => (fate === 'dropped' ? [] : [name]));
    expect(names.toSorted()).toEqual(['artist', 'artist/1', 'title']);
    const covers = manifest.streams.filter(({ codec }) => codec === 'png');
    expect(covers).toMatchObject([
      { fate: 'kept', why: container === 'mp4' ? 'cover art, copied' : 'an attachment, copied' },
    ]);
  });
});
