import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

/** A packet in which a section begins (ISO/IEC 13818-1 2.4.3). */
const packet = (pid: number, section: readonly number[]): Buffer =>
  Buffer.concat([
    Buffer.from([0x47, 0x40 | (pid >> 8), pid & 0xff, 0x10, 0, ...section]),
    Buffer.alloc(188 - 5 - section.length, 0xff),
  ]);

/** 2019-08-07 06:05:04 as a modified Julian day and decimal digits (ETSI EN 300 468 5.2.5). */
const TIME = packet(0x14, [0x70, 0x70, 0x05, 0xe5, 0x4e, 0x06, 0x05, 0x04]);
const NAME = [...Buffer.from('A Network')];
const NETWORK = packet(0x10, [
  ...[0x40, 0xf0, 0, 0, 1, 0xc1, 0, 0, 0xf0, NAME.length + 2, 0x40, NAME.length],
  ...[...NAME, 0xf0, 0, 0, 0, 0, 0],
]);

describe('the time and the network of a broadcast', () => {
  it('are tags of the film', async () => {
    const folder = await temporaryFolder();
    const [plain, film] = [join(folder, 'plain.ts'), join(folder, 'film.ts')];
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', ...picture, plain]);
    const bytes = await readFile(plain);
    await writeFile(film, Buffer.concat([bytes.subarray(0, 564), TIME, NETWORK, bytes.subarray(564)]));
    const made = await milledFile(film, settings);
    const said = JSON.parse((await run('exiftool', ['-j', '-G1', '-s', made.path('preserve.mp4')])).stdout)[0];
    expect(said).toMatchObject({ 'Keys:BroadcastTime': '2019-08-07T06:05:04Z', 'Keys:NetworkName': 'A Network' });
    expect(linesOf(made)).toContainEqual('movie | broadcast_time | converted | written as a tag of MP4');
    const inMatroska = await milledFile(film, { ...settings, container: 'mkv' });
    const { stdout } = await run('mkvextract', [inMatroska.path('preserve.mkv'), 'tags']);
    expect(stdout).toMatch(/BROADCAST_TIME<\/Name>\s*<String>2019-08-07T06:05:04Z/i);
  });
});
