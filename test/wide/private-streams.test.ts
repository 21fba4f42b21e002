import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { u8 } from '../fixtures/craft.ts';
import { packets, section } from '../fixtures/crafted.ts';
import { PICTURE_PID, privatePacket, SOUND_PID, withProgramMap } from '../fixtures/program-map.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const [H264, AC3, ENCRYPTED_AC3, DSM_CC] = [0x1b, 0x81, 0xc1, 0x0b];
const OTHER_PID = 0x113;
const SECRET = Buffer.from('private'.repeat(25)); // as much as fills a packet;

describe('a transport stream with a stream of its own kind', () => {
  let folder: string;
  let plain: Buffer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-c:v', 'libx264', '-preset', 'ultrafast'];
    const sound = ['-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'ac3'];
    const clip = join(folder, 'plain.ts');
    await run('ffmpeg', [
      '-v',
      'error',
      ...picture.slice(0, 4),
      ...sound.slice(0, 4),
      ...picture.slice(4),
      ...sound.slice(4),
      clip,
    ]);
    plain = await readFile(clip);
  });

  async function film(kind: number, behind: (map: number) => Buffer): Promise<string> {
    const path = join(folder, `kind-${kind}.ts`);
    const entries = [
      { kind: H264, pid: PICTURE_PID },
      { kind: AC3, pid: SOUND_PID },
      { kind, pid: OTHER_PID },
    ];
    await writeFile(path, withProgramMap(plain, entries, behind));
    return path;
  }

  it('that ffmpeg takes for sound without a rate has its packets in a file of bytes', async () => {
    const source = await film(ENCRYPTED_AC3, (map) => packets(OTHER_PID, privatePacket(SECRET), false, map));
    const { manifest, path } = await milledFile(source, settings);
    const stream = manifest.streams[2];
    expect(stream).toMatchObject({ type: 'audio', fate: 'kept', sidecar: 'stream-2.bin' });
    expect(stream?.why).toBe(
      'nothing of it decodes as ac3; its packets are in the sidecar; it has no sampling rate, without which ffmpeg writes no sound, so they are there without their times',
    );
    const bytes = await readFile(path('stream-2.bin'));
    expect(bytes.length).toBeGreaterThan(SECRET.length);
    expect(bytes.toString('latin1')).toMatch(/^(private)+$/);
  });

  it.each([
    [DSM_CC, 'it comes in sections and not in packets (DSM-CC, stream type 0x0B), and ffmpeg reads none of them'],
    [0x05, 'it comes in sections and not in packets (private tables, stream type 0x05), and ffmpeg reads none of them'],
    [0x90, 'ffmpeg finds no packet of it (stream type 0x90)'],
  ])('of sections is told for what it is: %s', async (kind, why) => {
    const source = await film(kind, (map) =>
      packets(OTHER_PID, section(0x3b, 1, [u8(...Array(40).fill(7))]), true, map),
    );
    const { manifest } = await milledFile(source, settings);
    expect(manifest.streams[2]).toMatchObject({ fate: 'dropped', why });
  });
});
