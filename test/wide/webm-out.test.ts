import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../core/job/manifest.ts';
import { fullMatroska, plainMatroska } from '../fixtures/full-matroska.ts';
import { clip, fileOf, makeClip } from '../fixtures/make.ts';
import { milledFile, QUICK, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { whatBecomes } from '../support/what-becomes.ts';

const run = promisify(execFile);
const WEBM = { ...QUICK, evenIfLarger: true, codec: 'av1', container: 'webm' } as const;

const identified = async (path: string) => JSON.parse((await run('mkvmerge', ['-J', path])).stdout);

/** What a track is by an independent reader of the container. */
const tracksOf = async (path: string) =>
  (await identified(path)).tracks.map(({ properties }: { properties: Record<string, unknown> }) => properties);

async function mediainfo(path: string): Promise<readonly Record<string, string>[]> {
  const { stdout } = await run('mediainfo', ['--Output=JSON', path]);
  return JSON.parse(stdout).media.track;
}

/** Elements that WebM does not have, by the names of mkvinfo. */
const NOT_IN_WEBM = /IETF|Attach|Hearing impaired|Commentary|Original|Edition flag|Edition UID|Chapter UID target/i;

const IN_WEBM = whatBecomes().map(({ cells }) => cells[2]);
const linesOf = ({ streams, renditions }: Manifest) =>
  [...streams, ...(renditions[0]?.metadata ?? [])].map(({ fate, why }) => `${fate}: ${why}`);

describe('a film in WebM', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });

  it('has of a full Matroska file what WebM can hold, and the manifest says what it cannot', async () => {
    const source = await fullMatroska(folder, await plainMatroska(folder), { order: 'font first' });
    const { path, manifest } = await milledFile(source, WEBM);
    const made = path('preserve.webm');
    const [general] = await mediainfo(made);
    expect(general).toMatchObject({ Format: 'WebM' });
    expect(await identified(made)).toMatchObject({
      warnings: [],
      container: { properties: { title: 'The Episode' } },
    });
    expect(await tracksOf(made)).toMatchObject([
      { codec_id: 'V_AV1' },
      { codec_id: 'A_OPUS', language: 'por', default_track: false },
      { codec_id: 'D_WEBVTT/SUBTITLES', language: 'chi', forced_track: true, track_name: 'Signs' },
    ]);
    const { stdout: elements } = await run('mkvinfo', [made]);
    expect(elements).toContain('Document type: webm');
    expect(elements.split('\n').filter((line) => NOT_IN_WEBM.test(line))).toEqual([]);
    const { stdout: chapters } = await run('mkvextract', [made, 'chapters']);
    expect([...chapters.matchAll(/<ChapterString>(.*?)</g)].map(([, name]) => name)).toEqual([
      'One',
      'One, in it',
      'Two',
    ]);
    const { stdout: tags } = await run('mkvextract', [made, 'tags']);
    for (const text of ['The Show', 'SORT_WITH', '1999-04-01', '\u00dcn\u00efcode']) expect(tags).toContain(text);
    for (const { passed, name } of manifest.renditions[0]?.checks ?? [])
      expect({ name, passed }).toEqual({ name, passed: true });
    expect(await readFile(path('stream-3.ttf'), 'utf8')).toBe('the bytes of a font');
    expect(await tracksOf(path('stream-4.mkv'))).toHaveLength(1);
    expect(await readFile(path('stream-2.forced.sdh.srt'), 'utf8')).toContain('Hello');
    const told = linesOf(manifest);
    expect(told).toContain('converted: WebM holds text as WebVTT; the subrip itself is in the sidecar');
    expect(told.filter((line) => /WebM has one edition|pt-BR becomes por|zh-Hant becomes chi/.test(line))).toHaveLength(
      3,
    );
    for (const line of told.filter((each) => /sidecar|its packets|copied with/.test(each)))
      expect(IN_WEBM).toContain(line);
  });

  it('keeps HDR10, which other readers see, and sounds of 5.1 with the impulse where it was', async () => {
    const source = await makeClip({
      file: 'surround.mov',
      args: [
        ...['-i', await clip('hdr10'), '-f', 'lavfi', '-i', "aevalsrc='if(between(t,0.5,0.501),0.8,0)':s=44100:d=1"],
        ...['-af', 'pan=5.1(side)|FL=0*c0|FR=0*c0|FC=c0|LFE=0*c0|SL=0*c0|SR=0*c0', '-c:v', 'copy', '-c:a', 'pcm_s16le'],
        ...['-map', '0:V:0', '-map', '1:a', '-tag:v', 'hvc1'],
      ],
    });
    const { path, manifest } = await milledFile(source, WEBM);
    const made = path('preserve.webm');
    const [, picture, sound] = await mediainfo(made);
    expect(picture).toMatchObject({
      HDR_Format_Compatibility: 'HDR10',
      MasteringDisplay_Luminance: 'min: 0.0050 cd/m2, max: 1000 cd/m2',
      MaxCLL: '1000 cd/m2',
    });
    expect(sound).toMatchObject({ Format: 'Opus', Channels: '6' });
    const decoded = ['-v', 'error', '-i', made, '-map', '0:a:0', '-f', 'f32le', '-'];
    const { stdout } = await run('ffmpeg', decoded, { encoding: 'buffer', maxBuffer: 2 ** 26 });
    const samples = new Float32Array(stdout.buffer, stdout.byteOffset, stdout.length / 4);
    const loudest = samples.reduce((best, value, i) => (Math.abs(value) > Math.abs(samples[best] ?? 0) ? i : best), 0);
    expect(loudest % 6).toBe(2); // the centre
    expect(Math.abs(Math.floor(loudest / 6) / 48_000 - 0.5)).toBeLessThan(0.002);
    expect(manifest.streams[1]).toMatchObject({ fate: 'converted', sidecar: expect.stringContaining('.mka') });
  });

  // a file that begins with the delay of Opus, before 0, does not begin its picture later
  it('keeps its chapters at their times where its sound becomes Opus', async () => {
    const list = [
      ';FFMETADATA1',
      ...[0, 600].map((at) => `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${at}\nEND=1000\ntitle=a`),
    ];
    const picture = ['-itsoffset', '0.04', '-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=1'];
    const sound = ['-f', 'lavfi', '-i', 'sine=1000:d=1:r=48000'];
    const source = await makeClip({
      file: 'chapters-pcm.mkv',
      args: [
        ...[...picture, ...sound, '-f', 'ffmetadata', '-i', await fileOf('two.ffmeta', `${list.join('\n')}\n`)],
        ...['-map', '0', '-map', '1', '-map_metadata', '2', '-c:v', 'libx264', '-c:a', 'pcm_s16le'],
      ],
    });
    const { path } = await milledFile(source, WEBM);
    const { stdout: chapters } = await run('mkvextract', [path('preserve.webm'), 'chapters']);
    expect([...chapters.matchAll(/<ChapterTimeStart>(.*?)</g)].map(([, time]) => time)).toEqual([
      '00:00:00.000000000',
      '00:00:00.600000000',
    ]);
    const blocks = (await run('mkvinfo', ['-v', '-v', path('preserve.webm')])).stdout;
    expect(blocks).toMatch(/track number 1, .* timestamp 00:00:00.040000000/);
  });

  it.each([
    {
      what: 'HEVC',
      set: { codec: 'hevc' },
      why: 'container=webm holds no HEVC and no H.264: add codec=av1, or take container=mkv',
    },
    {
      what: 'a picture that AV1 cannot hold',
      set: {},
      why: 'preserve stays HEVC: SVT-AV1 holds 4:2:0 in 10 bits, and this picture is yuv422p; WebM holds no HEVC, so take container=mkv',
    },
  ])('is refused for $what in one sentence', async ({ set, why }) => {
    const source = await makeClip({
      file: 'finer.mp4',
      args: ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=0.2', '-c:v', 'libx264', '-pix_fmt', 'yuv422p'],
    });
    const { outcome } = await (await testMill()).run(source, 'preserve', { ...WEBM, ...set });
    expect(outcome).toMatchObject({ status: 'failed', code: 'usage', reason: why });
  });
});
