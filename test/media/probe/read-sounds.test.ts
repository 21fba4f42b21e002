import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import type { SoundReading, SoundTask } from '../../../core/ports/measurer.ts';
import { readSounds } from '../../../media/probe/read-sounds.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { freshToolbox } from '../../support/toolbox.ts';

const signal = new AbortController().signal;
let folder: string;
let ffmpeg: string;
let source: string;
let made: string;

/** ffmpeg writes into a log how often it is started. */
beforeAll(async () => {
  folder = await temporaryFolder();
  const toolbox = await freshToolbox(signal);
  ffmpeg = join(folder, 'ffmpeg');
  await writeFile(ffmpeg, `#!/bin/sh\necho started >> '${join(folder, 'log')}'\nexec '${toolbox.ffmpeg.path}' "$@"\n`);
  await chmod(ffmpeg, 0o755);
  source = join(folder, 'source.ts');
  made = join(folder, 'made.mkv');
  const sounds = [440, 620, 810].flatMap((hertz, i) => ['-f', 'lavfi', '-itsoffset', `${i / 10}`, '-i', sine(hertz)]);
  const maps = ['-map', '0:a', '-map', '1:a', '-map', '2:a'];
  const coded = ['-c:a:0', 'mp2', '-c:a:1', 'ac3', '-c:a:2', 'aac', '-ac:a:2', '1', '-output_ts_offset', '40'];
  await execa('ffmpeg', ['-v', 'error', '-y', ...sounds, ...maps, ...coded, source]);
  await execa('ffmpeg', ['-v', 'error', '-y', '-i', source, '-map', '0:a', '-c:a', 'flac', made]);
});

const sine = (hertz: number) => `sine=${hertz}:r=48000:d=3`;

beforeEach(() => writeFile(join(folder, 'log'), ''));

const started = async () => (await readFile(join(folder, 'log'), 'utf8')).split('\n').length - 1;

const tasks = (): readonly SoundTask[] =>
  [0, 1, 2].flatMap((stream): SoundTask[] => [
    { path: source, access: 'sequential', stream, hash: stream === 1 ? 'sounding' : 'none' },
    { path: made, access: 'indexed', stream, hash: 'all' },
  ]);

describe('sounds of several files', () => {
  it('are read by one process, and each is found to be what it is when it is read alone', async () => {
    const together = await readSounds(ffmpeg, tasks(), signal);
    expect(await started()).toBe(1);
    const alone: SoundReading[] = [];
    for (const task of tasks()) alone.push(...(await readSounds(ffmpeg, [task], signal)));
    expect(together).toEqual(alone);
    expect(together.map(({ channels }) => channels.length)).toEqual([0, 1, 1, 1, 0, 1]);
    expect(together.map(({ levels }) => levels.energies.length > 500)).toEqual(together.map(() => true));
  });

  it('fail by the one that cannot be read, with its own words', async () => {
    const missing: SoundTask = { path: made, access: 'indexed', stream: 7, hash: 'none' };
    const words = await readSounds(ffmpeg, [missing], signal).catch((error: Error) => error.message);
    await expect(readSounds(ffmpeg, [...tasks(), missing], signal)).rejects.toMatchObject({
      code: 'bad-input',
      message: words,
    });
  });
});
