import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { judgeStructure } from '../../../media/structure/judge-structure.ts';
import { promiseOf } from '../../../media/structure/promise-of.ts';
import { fileOf, makeClip } from '../../fixtures/make.ts';

const signal = AbortSignal.timeout(600_000);

/** A second of a picture and of a tone. */
const clip = () =>
  makeClip({
    file: 'sound.mp4',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=1', '-f', 'lavfi', '-i', 'sine=d=1'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'],
    ],
  });

/** The clip, of which the last chunks of a track refer to the description of another number. */
async function referringTo(description: number, trackOf: (mp4: Buffer) => number): Promise<string> {
  const mp4 = Buffer.from(await readFile(await clip()));
  const at = trackOf(mp4) + 4;
  const rows = mp4.readUInt32BE(at + 4);
  mp4.writeUInt32BE(description, at + 8 + 12 * (rows - 1) + 8);
  return fileOf(`other-${description}.mp4`, mp4);
}

const ofPicture = (mp4: Buffer) => mp4.indexOf('stsc');
const ofSound = (mp4: Buffer) => mp4.lastIndexOf('stsc');

async function packetsIn(path: string, stream: string): Promise<number> {
  const asked = ['-v', 'error', '-count_packets', '-select_streams', stream, '-show_entries', 'stream=nb_read_packets'];
  return Number((await execa('ffprobe', [...asked, '-of', 'csv=p=0', path])).stdout);
}

describe('samples whose description is not there', () => {
  it('are told with their number where a sound has them', async () => {
    const path = await referringTo(77, ofSound);
    const [all, read] = [await packetsIn(await clip(), 'a'), await packetsIn(path, 'a')];
    expect(read).toBeLessThan(all);
    const { warnings } = await judgeStructure(path, signal, undefined);
    expect(warnings).toEqual([expect.stringContaining(`${all - read} of ${all} packets of stream 1 are lost`)]);
  });

  it('are frames that are missing where a picture has them', async () => {
    const path = await referringTo(77, ofPicture);
    expect(await promiseOf(path, { family: 'mp4' }, signal)).toEqual({ frames: 25 });
    expect((await judgeStructure(path, signal, undefined)).warnings).toEqual([]);
  });

  it('are none in other files', async () => {
    expect((await judgeStructure(await referringTo(1, ofSound), signal, undefined)).warnings).toEqual([]);
    expect(await promiseOf(await clip(), { family: 'mp4' }, signal)).toEqual({});
  });
});
