import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../core/job/manifest.ts';
import type { RawSettings } from '../../core/settings/settings.ts';
import { CLIPS } from '../fixtures/clips.ts';
import { clip, makeClip } from '../fixtures/make.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';

const run = promisify(execFile);

async function made(source: string, settings: RawSettings = {}) {
  const { manifest, path: pathOf, events } = await milledFile(source, { ...QUICK, evenIfLarger: true, ...settings });
  const path = pathOf(manifest.renditions[0]?.path ?? '');
  const { streams } = await ffprobe(path, '-show_streams');
  return { manifest, folder: dirname(path), path, streams, events };
}

const fates = ({ streams }: Manifest) => streams.map(({ codec, fate, sidecar }) => [codec, fate, sidecar]);

/** The samples of a file's first sound as they decode, in 32 bits. */
async function samplesOf(path: string): Promise<string> {
  const { stdout } = await run('ffmpeg', [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:a:0',
    '-c:a',
    'pcm_s32le',
    '-f',
    'md5',
    '-',
  ]);
  return stdout;
}

/** How much later the first sound begins than the picture, by the packets of a file. */
async function soundAfterPicture(path: string): Promise<number> {
  const first = async (stream: string) => {
    const { packets } = await ffprobe(path, '-select_streams', stream, '-show_entries', 'packet=pts_time');
    const times: number[] = packets.map((packet: { pts_time?: string }) => Number(packet.pts_time));
    return Math.min(...times.filter((time) => !Number.isNaN(time)));
  };
  return (await first('a:0')) - (await first('V:0'));
}

describe('of a film with sound in two languages, subtitles of two kinds and a font', () => {
  it('MP4 holds what it can, and the rest lies beside it', async () => {
    const { manifest, folder, streams } = await made(await clip('manyTracks'));
    expect(fates(manifest)).toEqual([
      ['h264', 'converted', undefined],
      ['aac', 'kept', undefined],
      ['opus', 'kept', undefined],
      ['subrip', 'converted', 'stream-3.srt'],
      ['ass', 'kept', 'stream-4.ass'],
      ['ttf', 'kept', 'stream-5.ttf'],
    ]);
    expect(
      streams.map(({ codec_name, tags }: { codec_name: string; tags: { language: string } }) => [
        codec_name,
        tags.language,
      ]),
    ).toEqual([
      ['hevc', 'und'],
      ['aac', 'eng'],
      ['opus', 'fra'],
      ['mov_text', 'deu'],
    ]);
    expect(
      streams.slice(1, 3).map(({ disposition }: { disposition: { default: number } }) => disposition.default),
    ).toEqual([1, 0]);
    const { 'subs.srt': srt, 'subs.ass': ass, 'font.ttf': font } = CLIPS.manyTracks.files;
    // the muxer of the fixture put all 23 ms later, to make room for the sound's encoder delay
    const later = (text: string) => text.replace(/,(\d)00/g, ',$123');
    expect((await readFile(join(folder, 'stream-3.srt'), 'utf8')).trim()).toBe(later(srt.trim()));
    expect(await readFile(join(folder, 'stream-4.ass'), 'utf8')).toContain(
      ass
        .split('\n')
        .findLast((line) => line.startsWith('Dialogue'))
        ?.slice(-6),
    );
    expect(await readFile(join(folder, 'stream-5.ttf'), 'utf8')).toBe(font);
    expect(manifest.sidecars.map(({ path, stream }) => [path, stream])).toEqual([
      ['stream-3.srt', 3],
      ['stream-4.ass', 4],
      ['stream-5.ttf', 5],
    ]);
  });

  it('Matroska holds all of it', async () => {
    const { manifest, streams } = await made(await clip('manyTracks'), { container: 'mkv' });
    expect(streams.map(({ codec_name }: { codec_name?: string }) => codec_name)).toEqual([
      'hevc',
      'aac',
      'opus',
      'subrip',
      'ass',
      'ttf',
    ]);
    expect(manifest.sidecars).toEqual([]);
    expect(manifest.streams.slice(1).every(({ fate }) => fate === 'kept')).toBe(true);
  });
});

describe('sound', () => {
  it.each([
    { name: 'pcm', codec: 'pcm_s16le' },
    { name: 'prores', codec: 'pcm_s24le' },
  ] as const)('in $codec is the same, sample for sample, in ALAC', async ({ name }) => {
    const source = await clip(name);
    const { manifest, path, streams } = await made(source);
    expect(manifest.streams[1]).toMatchObject({ fate: 'converted' });
    expect(streams[1].codec_name).toBe('alac');
    expect(await samplesOf(path)).toBe(await samplesOf(source));
  });

  it('that MP4 cannot hold is AAC there, and lies beside it as it was', async () => {
    const source = await clip('ogg');
    const { manifest, folder, streams } = await made(source);
    expect(manifest.streams[1]).toMatchObject({ codec: 'vorbis', fate: 'converted', sidecar: 'stream-1.mka' });
    expect(streams[1].codec_name).toBe('aac');
    expect(await samplesOf(join(folder, 'stream-1.mka'))).toBe(await samplesOf(source));
  });

  it.each(['cfr', 'lateVideo', 'ts', 'lateTs', 'ps', 'm2ts', 'flv'] as const)(
    'of %s begins as far from the picture as it did',
    async (name) => {
      const source = await clip(name);
      const { path } = await made(source);
      expect(Math.abs((await soundAfterPicture(path)) - (await soundAfterPicture(source)))).toBeLessThan(0.001);
    },
  );

  it.each([
    { what: 'before the picture', offset: '0.4', of: 'picture' },
    { what: 'after the picture', offset: '0.4', of: 'sound' },
  ])('of a transport stream that begins long $what stays there', async ({ offset, of }) => {
    const late = (what: string) => (of === what ? ['-itsoffset', offset] : []);
    const args = [
      ...[...late('picture'), '-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25:duration=1.2'],
      ...[...late('sound'), '-f', 'lavfi', '-i', 'sine=duration=1.2', '-map', '0:v', '-map', '1:a'],
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
        '-bf',
        '2',
        '-threads',
        '1',
        '-c:a',
        'mp2',
        '-fps_mode',
        'passthrough',
      ],
    ];
    const source = await makeClip({ file: `late-${of}.ts`, args });
    const { path } = await made(source);
    const was = await soundAfterPicture(source);
    expect(Math.abs(was)).toBeGreaterThan(0.2);
    expect(Math.abs((await soundAfterPicture(path)) - was)).toBeLessThan(0.001);
  });
});

describe('what else a file carries', () => {
  it('is kept: chapters', async () => {
    const source = await clip('chapters');
    const { path } = await made(source);
    const [was, is] = [await ffprobe(source, '-show_chapters'), await ffprobe(path, '-show_chapters')];
    const told = ({ chapters }: { chapters: { start_time: string; end_time: string; tags: { title: string } }[] }) =>
      chapters.map(({ start_time, end_time, tags }) => [Number(start_time), Number(end_time), tags.title]);
    expect(told(is)).toEqual(told(was));
    expect(told(is)).toHaveLength(2);
  });

  it('is kept: sound of two recordings put end to end, each with times of its own', async () => {
    const recording = (file: string, seconds: string, soundLater: string) => ({
      file,
      args: [
        ...['-f', 'lavfi', '-i', `testsrc2=size=160x120:rate=25:duration=${seconds}`],
        ...['-itsoffset', soundLater, '-f', 'lavfi', '-i', `sine=duration=${seconds}:sample_rate=48000`],
        ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '10', '-c:a', 'aac'],
      ],
    });
    const second = await readFile(await makeClip(recording('second.ts', '1', '0')));
    const first = recording('both.ts', '1.6', '0.01');
    const source = await makeClip({ ...first, edit: (bytes) => Buffer.concat([bytes, second]) });
    const { manifest } = await made(source);
    expect(manifest.renditions[0]).toMatchObject({ frames: 65 });
    expect(fates(manifest)).toEqual([
      ['h264', 'converted', undefined],
      ['aac', 'kept', undefined],
    ]);
  });

  it('is kept: cover art, in a film with chapters', async () => {
    const chapters = [0, 200].map(
      (start) => `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${start}\nEND=${start + 200}\ntitle=from ${start}\n`,
    );
    const source = await makeClip({
      file: 'cover-and-chapters.mp4',
      args: [
        ...['-i', await clip('coverArt'), '-f', 'ffmetadata', '-i', '@chapters.txt'],
        ...['-map', '0', '-map_chapters', '1', '-c', 'copy'],
      ],
      files: { 'chapters.txt': `;FFMETADATA1\n${chapters.join('')}` },
    });
    const { manifest, path } = await made(source);
    expect(fates(manifest)).toContainEqual(['png', 'kept', undefined]);
    expect((await ffprobe(path, '-show_chapters')).chapters).toHaveLength(2);
  });

  it('is kept: cover art and a font, in Matroska', async () => {
    const cover = await makeClip({
      file: 'cover.png',
      args: ['-f', 'lavfi', '-i', 'color=red:size=32x32', '-frames:v', '1'],
    });
    const source = await makeClip({
      file: 'cover-and-font.mkv',
      args: [
        ...['-i', await clip('chapters'), '-map', '0', '-c', 'copy'],
        ...['-attach', cover, '-metadata:s:t:0', 'mimetype=image/png', '-metadata:s:t:0', 'filename=cover.png'],
        ...['-attach', '@f.ttf', '-metadata:s:t:1', 'mimetype=application/x-truetype-font'],
        ...['-metadata:s:t:1', 'filename=f.ttf'],
      ],
      files: { 'f.ttf': 'a font' },
    });
    const { streams } = await made(source, { container: 'mkv' });
    expect(streams.slice(2).map(({ codec_name }: { codec_name: string }) => codec_name)).toEqual(['png', 'ttf']);
  });

  it('is kept: cover art, and a title', async () => {
    const source = await makeClip({
      file: 'titled.mp4',
      args: ['-i', await clip('coverArt'), '-map', '0', '-c', 'copy', '-metadata', 'title=The Film'],
    });
    const { manifest, path, streams } = await made(source);
    expect(manifest.streams[2]).toMatchObject({ codec: 'png', fate: 'kept' });
    expect(streams[2]).toMatchObject({ codec_name: 'png', disposition: { attached_pic: 1 } });
    const { format } = await ffprobe(path, '-show_format');
    expect(format.tags.title).toBe('The Film');
  });

  it('is kept: tags of cameras', async () => {
    const args = [
      '-i',
      await clip('cfr'),
      '-c',
      'copy',
      '-movflags',
      'use_metadata_tags',
      '-metadata',
      'com.apple.quicktime.make=Apple',
    ];
    const { path } = await made(await makeClip({ file: 'tagged.mov', args }));
    const { format } = await ffprobe(path, '-show_format');
    expect(format.tags['com.apple.quicktime.make']).toBe('Apple');
  });

  it('is kept: the timecode', async () => {
    const { manifest, streams } = await made(await clip('timecode'));
    expect(streams[0].tags.timecode).toBe('01:02:03:04');
    expect(manifest.streams[1]).toMatchObject({ codec: 'tmcd', fate: 'kept' });
  });

  it('is kept: the timecode, in Matroska', async () => {
    const { streams } = await made(await clip('timecode'), { container: 'mkv' });
    expect(Object.entries(streams[0].tags)).toContainEqual([expect.stringMatching(/^timecode$/i), '01:02:03:04']);
  });
});
