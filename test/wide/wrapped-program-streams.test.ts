import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { milledFile, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FRAMES = 25;
const PACK = 2324;

/** A track of a Video CD as a file: RIFF of sectors, each with a pack between a head of 24 bytes and a sum of 4. */
function sectorsOf(stream: Buffer): Buffer {
  const sync = Buffer.from('00ffffffffffffffffffff00000000020000610100006101', 'hex');
  const sectors: Buffer[] = [];
  for (let at = 0; at < stream.length; at += PACK) {
    const pack = Buffer.alloc(PACK);
    stream.copy(pack, 0, at);
    sectors.push(sync, pack, Buffer.alloc(4));
  }
  const data = Buffer.concat(sectors);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(data.length + 36, 4);
  head.write('CDXAfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** What recorders of Hikvision write before the packs. */
const recorded = (stream: Buffer) =>
  Buffer.concat([Buffer.from('IMKH\x01\x01\0\0', 'latin1'), Buffer.alloc(32), stream]);

const picture = ['-f', 'lavfi', '-i', `testsrc2=s=352x288:r=25:d=${FRAMES / 25}`];
const VIDEO_CD = { file: 'vcd.mpg', args: [...picture, '-c:v', 'mpeg1video', '-b:v', '1150k', '-f', 'vcd'] };
const RECORDER = { file: 'hik.mpg', args: [...picture, '-c:v', 'libx264', '-preset', 'ultrafast', '-f', 'mpeg'] };

async function wrapped(clip: Parameters<typeof makeClip>[0], wrap: (stream: Buffer) => Buffer, name: string) {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, wrap(await readFile(await makeClip(clip))));
  return path;
}

describe('a program stream in another wrapping', () => {
  it.each([
    { of: 'a Video CD', clip: VIDEO_CD, wrap: sectorsOf, name: 'AVSEQ01.DAT' },
    { of: 'a recorder', clip: RECORDER, wrap: recorded, name: 'hik.mp4' },
  ])('is read with every frame: that of $of', async ({ clip, wrap, name }) => {
    const source = await wrapped(clip, wrap, name);
    const { manifest } = await milledFile(source, { preset: 'ultrafast', evenIfLarger: 'true' });
    expect(manifest.renditions[0]).toMatchObject({ frames: FRAMES });
    expect(manifest.warnings.join()).not.toContain('missing');
  });

  it('is refused where sectors of a Video CD are not there', async () => {
    const source = await wrapped(VIDEO_CD, (stream) => sectorsOf(stream).subarray(0, -5000), 'AVSEQ02.DAT');
    const { outcome } = await (await testMill()).run(source, 'preserve');
    expect(outcome).toMatchObject({ status: 'failed', code: 'truncated' });
  });
});
