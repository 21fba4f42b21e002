import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import type { FilmReader } from '../../../core/ports/film-reader.ts';
import { ffmpegReader } from '../../../media/ffmpeg-reader.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { freshToolbox } from '../../support/toolbox.ts';

const signal = new AbortController().signal;
let folder: string;
let reader: FilmReader;

/** The reader's ffmpeg writes into a log how often it is started. */
beforeAll(async () => {
  folder = await temporaryFolder();
  const toolbox = await freshToolbox(signal);
  const path = join(folder, 'ffmpeg');
  const log = join(folder, 'log');
  await writeFile(path, `#!/bin/sh\necho "$*" >> '${log}'\nexec '${toolbox.ffmpeg.path}' "$@"\n`);
  await chmod(path, 0o755);
  reader = ffmpegReader({ ...toolbox, ffmpeg: { ...toolbox.ffmpeg, path } });
});

const CODECS = ['aac', 'mp2', 'ac3', 'aac'] as const;

/** Two seconds of a picture with four sounds, all with this many channels from the second on. */
const part = async (channels: number, from: number): Promise<Buffer> => {
  const path = join(folder, `${from}.ts`);
  const sounds = CODECS.map((_, i) => ['-f', 'lavfi', '-itsoffset', `${i / 10}`, '-i', `sine=${300 + i}:r=48000:d=2`]);
  const coded = CODECS.map((codec, i) => ['-map', `${i + 1}:a`, `-c:a:${i}`, codec, `-ac:a:${i}`, `${channels}`]);
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=25:d=2'];
  const output = ['-map', '0:v', ...coded.flat(), '-c:v', 'mpeg2video', '-g', '12', '-output_ts_offset', `${from}`];
  await execa('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...picture, ...sounds.flat(), ...output, path]);
  return readFile(path);
};

/** The survey of a film, and how often its file was read by ffmpeg. */
async function surveyed(path: string) {
  const { probe } = await reader.inspect(path, signal);
  const source = { path, probe, stream: 0 };
  await writeFile(join(folder, 'log'), '');
  const { streams } = await reader.survey(source, { signal, onProgress: () => {} });
  const started = (await readFile(join(folder, 'log'), 'utf8')).split('\n').filter((line) => line.includes(path));
  return { source, streams, readings: started.length };
}

const LEFT_OUT = { is: 'encrypted', why: 'it is left out here' } as const;

describe('the sounds of a transport stream', () => {
  it('are read together, and each is found to be what it is when it is read alone', async () => {
    const path = join(folder, 'changing.ts');
    await writeFile(path, Buffer.concat([await part(2, 0), await part(1, 2.4)]));
    const { source, streams, readings } = await surveyed(path);
    expect(readings).toBe(2); // once for the hashes of AAC, and once for what changes in any of them
    const sounds = streams.slice(1);
    expect(sounds.map(({ changes }) => changes?.map(({ layout }) => layout))).toEqual(
      CODECS.map(() => ['stereo', 'mono']),
    );
    for (const { stream, changes, sha256 } of sounds) {
      const others = source.probe.streams.map((each) =>
        each.index === stream || each.type === 'video' ? each : { ...each, unusable: LEFT_OUT },
      );
      const alone = await reader.survey(
        { ...source, probe: { ...source.probe, streams: others } },
        { signal, onProgress: () => {} },
      );
      expect(alone.streams[stream]).toMatchObject({ changes, sha256 });
    }
  });
});
