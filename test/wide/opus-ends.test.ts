import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

/** The sound lasts 0.633 s, and its last packet up to 0.6535 s: the rest is the encoder's padding. */
const SAMPLES = 30_384;

describe('sound in Opus ends where it ended', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.8', '-f', 'lavfi', '-i', 'sine=r=48000:d=0.633'];
    const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'libopus', '-b:a', '32k', '-strict', '-2'];
    await run('ffmpeg', ['-v', 'error', '-y', ...inputs, ...codecs, at('made.mkv'), ...codecs, at('made.mp4')]);
  });

  /** How many samples a decoder gives that knows of the padding. */
  const decoded = async (path: string) => {
    const raw = at('samples.raw');
    await run('ffmpeg', ['-v', 'error', '-y', '-i', path, '-map', '0:a', '-f', 's16le', '-ac', '1', raw]);
    return (await stat(raw)).size / 2;
  };
  /** How long the last packet is shown by the table of times of an MP4, in samples, as ffprobe reads it. */
  const lastShown = async (path: string) => {
    const shown = ['-select_streams', 'a', '-show_entries', 'packet=duration', '-of', 'csv=p=0', path];
    return Number((await run('ffprobe', ['-v', 'error', ...shown])).stdout.trim().split('\n').at(-1)?.replace(',', ''));
  };

  it.each(['made.mkv', 'made.mp4'])('over three generations from %s', async (name) => {
    const shown = await lastShown(at('made.mp4'));
    expect(shown).toBeLessThan(960);
    const first = await milledFile(at(name), { ...settings, container: name === 'made.mkv' ? 'mp4' : 'mkv' });
    const made = first.path(name === 'made.mkv' ? 'preserve.mp4' : 'preserve.mkv');
    const second = await milledFile(made, { ...settings, container: name === 'made.mkv' ? 'mkv' : 'mp4' });
    const between = second.path(name === 'made.mkv' ? 'preserve.mkv' : 'preserve.mp4');
    const third = await milledFile(between, { ...settings, container: name === 'made.mkv' ? 'mp4' : 'mkv' });
    const last = third.path(name === 'made.mkv' ? 'preserve.mp4' : 'preserve.mkv');
    const [movies, matroskas] = [[made, last], [between]];
    for (const path of name === 'made.mkv' ? movies : matroskas) expect(await lastShown(path)).toBe(shown);
    for (const path of name === 'made.mkv' ? matroskas : movies) expect(await decoded(path)).toBe(SAMPLES);
    for (const path of [made, between, last]) {
      const { stdout } = await run('mediainfo', ['--Inform=Audio;%Duration%', path]);
      expect(Math.abs(Number(stdout) - 633 - 6.5)).toBeLessThan(10);
    }
  });
});
