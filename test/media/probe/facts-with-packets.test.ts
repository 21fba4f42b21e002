import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { mainVideo } from '../../../core/film/probe.ts';
import type { FilmReader } from '../../../core/ports/film-reader.ts';
import { ffmpegReader } from '../../../media/ffmpeg-reader.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { freshToolbox } from '../../support/toolbox.ts';

const signal = new AbortController().signal;
const options = { signal, onProgress: () => {} };
let folder: string;
let reader: FilmReader;

/** The reader's ffmpeg and ffprobe write into a log what they are asked. */
beforeAll(async () => {
  folder = await temporaryFolder();
  const toolbox = await freshToolbox(signal);
  const logged = async (name: string, program: string) => {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\necho "${name} $*" >> '${join(folder, 'log')}'\nexec '${program}' "$@"\n`);
    await chmod(path, 0o755);
    return path;
  };
  const ffmpeg = { ...toolbox.ffmpeg, path: await logged('ffmpeg', toolbox.ffmpeg.path) };
  reader = ffmpegReader({ ...toolbox, ffmpeg, ffprobe: await logged('ffprobe', toolbox.ffprobe) });
  await writeFile(join(folder, 'late.srt'), '1\n00:00:00,900 --> 00:00:01,000\nlate\n');
});

async function startedBy<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly started: number }> {
  await writeFile(join(folder, 'log'), '');
  const result = await work();
  return { result, started: (await readFile(join(folder, 'log'), 'utf8')).split('\n').length - 1 };
}

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=1'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=d=1:r=48000'];
const COVER = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:d=0.04'];
const H264 = ['-c:v:0', 'libx264', '-preset', 'ultrafast', '-g', '12'];

async function film(name: string, args: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await execa('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, path], { cwd: folder });
  return path;
}

/** Inspects and surveys a film as `readSource` does, once with its packets and once without. */
async function bothWays(path: string) {
  const alone = await reader.inspect(path, signal);
  const { result, started } = await startedBy(() => reader.inspect(path, signal, { packets: 'follow' }));
  const { packets, ...told } = result;
  const source = { path, probe: alone.probe, stream: mainVideo(alone.probe)?.index ?? 0 };
  const read = {
    alone: {
      told: alone,
      survey: await reader.survey(source, options),
      shapes: await reader.pictureShapes(source, signal),
    },
    together: await startedBy(async () => ({
      told: { ...told, packets: undefined },
      survey: await reader.survey({ ...source, packets }, options),
      shapes: await reader.pictureShapes({ ...source, packets }, signal),
    })),
  };
  return { ...read, packets, started: started + read.together.started };
}

describe('a small film whose packets are read with its facts', () => {
  it.each([
    {
      film: 'an MP4 with sound and a subtitle',
      name: 'a.mp4',
      args: [...PICTURE, ...SOUND, '-i', 'late.srt', ...H264, '-c:a', 'aac', '-c:s', 'mov_text'],
      starts: 4, // a process of its own reads when its texts are shown
    },
    { film: 'an MP4 with one keyframe', name: 'b.mp4', args: [...PICTURE, ...SOUND, '-c:v', 'libx264'], starts: 2 },
    { film: 'an MP4 without sound', name: 'c.mp4', args: [...PICTURE, '-c:v', 'libx264'], starts: 2 },
    {
      film: 'a fragmented MP4',
      name: 'd.mp4',
      args: [...PICTURE, ...SOUND, ...H264, '-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov'],
      starts: 3,
    },
    {
      film: 'an MP4 with a cover',
      name: 'e.mp4',
      args: [
        ...[...PICTURE, ...SOUND, ...COVER, '-map', '0', '-map', '1', '-map', '2', ...H264],
        ...['-c:v:1', 'mjpeg', '-pix_fmt:v:1', 'yuvj420p', '-disposition:v:1', 'attached_pic'],
      ],
      starts: 3,
    },
    {
      film: 'a QuickTime film with PCM and a timecode',
      name: 'f.mov',
      args: [...PICTURE, ...SOUND, '-c:v', 'prores_ks', '-c:a', 'pcm_s16le', '-timecode', '01:00:00:00'],
      starts: 3, // the samples are hashed by a process of their own
    },
    {
      film: 'a Matroska film with an attachment',
      name: 'g.mkv',
      args: [
        ...[...PICTURE, ...SOUND, '-i', 'late.srt', ...H264, '-c:a', 'ac3', '-attach', 'late.srt'],
        ...['-metadata:s:t', 'mimetype=text/plain'],
      ],
      starts: 3,
    },
    {
      film: 'a WebM film with two sounds',
      name: 'h.webm',
      args: [
        ...[...PICTURE, ...SOUND, ...SOUND, '-map', '0', '-map', '1', '-map', '2'],
        ...['-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libvorbis'],
      ],
      starts: 2,
    },
  ])('is told as if each were read alone, by $starts programs: $film', async ({ name, args, starts }) => {
    const { alone, together, packets, started } = await bothWays(await film(name, args));
    const { told, survey } = together.result;
    expect({ told, survey }).toEqual({ told: alone.told, survey: alone.survey });
    expect(packets?.packets.length).toBeGreaterThan(0);
    expect(started).toBe(starts);
  });

  it('is told as well if its first pictures are not shown', async () => {
    await film('whole.mp4', [...PICTURE, ...SOUND, ...H264, '-bf', '2', '-c:a', 'aac']);
    const path = await film('trimmed.mp4', ['-ss', '0.6', '-i', 'whole.mp4', '-c', 'copy']);
    const { alone, together, packets } = await bothWays(path);
    expect(packets?.packets[0]?.flags).toContain('D');
    expect(together.result).toEqual(alone);
  });

  it('has no packets kept if it is large, of another container, or of very many packets', async () => {
    const paths = [
      await film('large.mkv', ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:d=1', '-pix_fmt', 'rgb24', '-c:v', 'huffyuv']),
      await film('a.ts', [...PICTURE, ...SOUND, '-c:v', 'mpeg2video']),
      await film('many.mkv', ['-f', 'lavfi', '-i', 'color=s=16x16:r=1000:d=20.1', '-c:v', 'rawvideo']),
    ];
    for (const path of paths) {
      const { probe, packets } = await reader.inspect(path, signal, { packets: 'follow' });
      expect({ path, packets, streams: probe.streams.length > 0 }).toEqual({ path, packets: undefined, streams: true });
    }
  });

  it('is refused in the same words, or told the same, if it is broken', async () => {
    const whole = await readFile(await film('i.mkv', [...PICTURE, ...SOUND, ...H264]));
    const broken = join(folder, 'broken.mkv');
    await writeFile(broken, Buffer.concat([whole.subarray(0, 9000), Buffer.alloc(700, 0xff), whole.subarray(9700)]));
    const said = (how?: { readonly packets: 'follow' }) =>
      reader.inspect(broken, signal, how).then(
        ({ packets, ...told }) => told,
        ({ code, message }) => ({ code, message }),
      );
    const alone = await said();
    expect(await said({ packets: 'follow' })).toEqual(alone);
  });
});
