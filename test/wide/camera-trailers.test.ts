import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { clip, fileOf } from '../fixtures/make.ts';
import { milledFile } from '../support/mill.ts';

const u32le = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** A name and a time, as telephones of Samsung write them behind a film: the record, its list (SEFH), and the list's length. */
function samsung(): Buffer {
  const record = Buffer.concat([Buffer.from([0, 0, 1, 10]), u32le(14), Buffer.from('Image_UTC_Data1688807411000')]);
  const list = [Buffer.from('SEFH'), u32le(106), u32le(1), Buffer.from([0, 0, 1, 10]), u32le(35), u32le(35)];
  return Buffer.concat([record, ...list, u32le(24), Buffer.from('SEFT')]);
}

/** Records of a gyroscope, as cameras of Insta360 write them: behind all stands their length and a text that is always the same. */
const insta360 = () =>
  Buffer.concat([Buffer.alloc(400, 1), u32le(412), Buffer.alloc(34), Buffer.from('8db42d694ccc418790edff439fe026bf')]);

const QUICK = { preset: 'ultrafast', evenIfLarger: 'true' } as const;

describe('what a camera wrote behind the last box of its film', () => {
  it.each([
    { camera: 'Samsung', trailer: samsung() },
    { camera: 'Insta360', trailer: insta360() },
  ])('lies beside the film byte for byte, and is told: $camera', async ({ camera, trailer }) => {
    const film = await readFile(await clip('cfr'));
    const { manifest, path } = await milledFile(await fileOf('trailer.mp4', Buffer.concat([film, trailer])), QUICK);
    expect(manifest.warnings.filter((line) => line.includes('stray'))).toEqual([]);
    expect(manifest.streams[0]?.why).toContain(
      `; ${trailer.length} bytes that its camera (${camera}) put behind the film are in stream-0.camera.bin, byte for byte`,
    );
    expect((await readFile(path('stream-0.camera.bin'))).equals(trailer)).toBe(true);
  });

  it('is stray bytes where it is of no camera that is known', async () => {
    const film = await readFile(await clip('cfr'));
    const source = await fileOf('stray.mp4', Buffer.concat([film, Buffer.alloc(99, 1)]));
    const { manifest } = await milledFile(source, QUICK);
    expect(manifest.warnings).toContain('99 stray bytes follow its last box');
    expect(manifest.sidecars).toEqual([]);
  });
});
