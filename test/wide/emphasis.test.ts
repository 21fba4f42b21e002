import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

/** Sets the emphasis of each frame of an MP3 of one bit rate, without checksums, at 48 kHz (ISO/IEC 11172-3 2.4.2.3). */
function withEmphasis(mp3: Buffer, bits: number, frameBytes: number): Buffer {
  const marked = Buffer.from(mp3);
  for (let at = 0; at + 4 <= marked.length; at += frameBytes) {
    if (marked[at] !== 0xff) throw new Error(`no frame at ${at}`);
    marked[at + 3] = ((marked[at + 3] ?? 0) & ~3) | bits;
  }
  return marked;
}

describe('sound that is stored with emphasis', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: folder });
  beforeAll(async () => {
    folder = await temporaryFolder();
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-f', 'lavfi', '-i', 'sine=r=48000:d=0.4'];
    const maps = ['-map', '0:v', '-map', '1:a', '-map', '1:a', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await ffmpeg(...inputs, ...maps, '-c:a:0', 'pcm_s16le', '-c:a:1', 'ac3', 'marked.mkv');
    const mark = (track: number) => ['--edit', `track:a${track}`, '--set', `emphasis=${track === 1 ? 1 : 5}`];
    await run('mkvpropedit', ['-q', at('marked.mkv'), ...mark(1), ...mark(2)]);
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'sine=r=48000:d=0.4',
      '-b:a',
      '96k',
      '-write_xing',
      '0',
      '-id3v2_version',
      '0',
      'a.mp3',
    );
    await writeFile(at('marked.mp3'), withEmphasis(await readFile(at('a.mp3')), 3, 288));
    await ffmpeg(...inputs.slice(0, 4), '-i', 'marked.mp3', '-c:v', 'libx264', '-c:a', 'copy', 'packets.mkv');
  });
  const lines = ({ manifest }: Awaited<ReturnType<typeof milledFile>>) =>
    manifest.renditions[0]?.metadata?.filter(({ name }) => name === 'emphasis');

  it('keeps its mark in Matroska', async () => {
    const made = await milledFile(at('marked.mkv'), { ...settings, container: 'mkv' });
    const { stdout } = await run('mkvmerge', ['-J', made.path('preserve.mkv')]);
    const tracks: readonly { properties: { audio_emphasis?: number } }[] = JSON.parse(stdout).tracks;
    expect(tracks.map(({ properties }) => properties.audio_emphasis)).toEqual([undefined, 1, 5]);
    expect(lines(made)).toEqual([
      { place: 'track 1', name: 'emphasis', fate: 'kept', why: 'the track has its mark: 50/15 \u00b5s, as of CDs' },
      expect.objectContaining({ place: 'track 2', fate: 'kept' }),
    ]);
    expect(made.manifest.warnings).toEqual([]);
  });

  it('is told where nothing can say so: in MP4, as the same samples or the same packets', async () => {
    const made = await milledFile(at('marked.mkv'), settings);
    expect(lines(made)?.map(({ fate }) => fate)).toEqual(['dropped', 'dropped']);
    expect(made.manifest.warnings).toEqual([
      'sound of stream 1 is stored with emphasis (50/15 \u00b5s, as of CDs) and plays with too much treble: only Matroska has a mark for it; container=mkv keeps it',
      expect.stringContaining('sound of stream 2'),
    ]);
  });

  it('keeps what packets of MPEG audio say, and tells where they are decoded', async () => {
    const kept = await milledFile(at('packets.mkv'), settings);
    expect(lines(kept)).toEqual([expect.objectContaining({ fate: 'kept', why: 'its packets say it: CCITT J.17' })]);
    expect(kept.manifest.warnings).toEqual([]);
    const decoded = await milledFile(at('packets.mkv'), {}, 'vj');
    expect(decoded.manifest.warnings).toContainEqual(expect.stringMatching(/CCITT J\.17.*encoded again/));
  });
});
