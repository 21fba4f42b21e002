import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { renamed, TWO_SOUNDS } from '../fixtures/odd-tracks.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const SRT = '1\n00:00:00,100 --> 00:00:00,300\nHello\n\n2\n00:00:00,400 --> 00:00:00,600\nBye\n';

describe('a track of Matroska that ffmpeg does not know', () => {
  let plain: Buffer;
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const at = (name: string) => join(folder, name);
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.8', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, at('plain.mp4')]);
    await writeFile(at('texts.srt'), SRT);
    await run('mkvmerge', ['-q', '-o', at('texts.mkv'), at('plain.mp4'), at('texts.srt')]);
    plain = await readFile(at('texts.mkv'));
  });

  /** The film whose texts are of another type of track (RFC 9559 5.1.4.1.3), and of a codec of that type. */
  async function film(type: number, codec: string): Promise<string> {
    const bytes = Buffer.from(plain);
    bytes[bytes.indexOf('838111', 'hex') + 2] = type;
    bytes.write(codec.padEnd(11, '\0'), bytes.indexOf('S_TEXT/UTF8'), 'latin1');
    const path = join(folder, `type-${type}.mkv`);
    await writeFile(path, bytes);
    return path;
  }

  it.each(['mp4', 'mkv'])(
    'is named with its number and type, container=%s, and its tags are not said to belong to nothing',
    async (container) => {
      const made = await milledFile(await film(18, 'B_VOBBTN'), { ...settings, container });
      const why = 'ffmpeg reads no track of this kind: its packets and its tags stay in the source';
      const { metadata = [] } = made.manifest.renditions[0] ?? {};
      expect(metadata).toContainEqual({ place: 'file', name: 'track 2 (buttons)', fate: 'dropped', why });
      expect(linesOf(made).filter((line) => /does not have|BPS/.test(line))).toEqual([]);
    },
  );

  it('has its packets in a file of bytes where ffmpeg lists it', async () => {
    const { manifest, path } = await milledFile(await film(33, 'D_UNKNOWN'), settings);
    const stream = manifest.streams[1];
    expect(stream).toMatchObject({ fate: 'kept', sidecar: 'stream-1.bin' });
    expect(await readFile(path(stream?.sidecar ?? ''), 'utf8')).toBe('HelloBye');
  });
});

it('packets that ffmpeg cannot write into Matroska lie in a file of bytes, and that is said', async () => {
  const source = await makeClip({ file: 'without-esds.mp4', args: TWO_SOUNDS, edit: renamed(2, 'mp4a') });
  const { manifest, path } = await milledFile(source, settings);
  const stream = manifest.streams[2];
  expect(stream?.why).toMatch(/ffmpeg cannot write them into Matroska, so they are there without their times$/);
  const { packets } = await ffprobe(source, '-select_streams', '2', '-show_packets');
  const bytes = packets.reduce((sum: number, { size }: { readonly size: string }) => sum + Number(size), 0);
  expect((await readFile(path(stream?.sidecar ?? ''))).length).toBe(bytes);
});
