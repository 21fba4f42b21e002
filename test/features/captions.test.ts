import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { captionPairs, withCaptions, withDvdCaptions, withMpeg2Captions } from '../fixtures/captions.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const SAID = [
  { text: 'HELLO', from: 20, to: 40 },
  { text: 'WORLD', from: 60, to: 70 },
];

/** What ffmpeg reads out of a film's pictures, without its times. */
async function saidInside(path: string): Promise<string> {
  const movie = `movie=${basename(path)}[out0+subcc]`;
  const args = ['-v', 'error', '-f', 'lavfi', '-i', movie, '-map', '0:s:0', '-f', 'srt', '-'];
  const { stdout } = await run('ffmpeg', args, { cwd: dirname(path) }).catch(() => ({ stdout: '' }));
  return [...stdout.matchAll(/[A-Z]{3,}/g)].join(' ');
}

describe('closed captions inside the pictures', () => {
  let folder: string;
  let captioned: string;
  const made = async (name: string, args: readonly string[]) => {
    await run('ffmpeg', ['-v', 'error', '-y', ...args, join(folder, name)]);
    return join(folder, name);
  };
  beforeAll(async () => {
    folder = await temporaryFolder();
    const h264 = await made('plain.h264', [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=3.2', '-c:v', 'libx264', '-bf', '0'],
      ...['-preset', 'ultrafast', '-x264-params', 'slices=1:threads=1', '-pix_fmt', 'yuv420p'],
    ]);
    captioned = join(folder, 'captioned.h264');
    await writeFile(captioned, withCaptions(await readFile(h264), captionPairs(80, SAID)));
  });

  it.each([
    ['an MP4', "it's, [odd];.mp4", []],
    ['a TS whose clock begins at 10 s', 'late.ts', ['-output_ts_offset', '10']],
    ['a Matroska', 'film.mkv', []],
  ])('of %s are beside the film as SubRip, at their times', async (_, name, args) => {
    const source = await made(name, ['-r', '25', '-i', captioned, '-c', 'copy', ...args]);
    const { path, manifest } = await milledFile(source, settings);
    expect(await readFile(path('stream-0.srt'), 'utf8')).toBe(
      '1\n00:00:00,800 --> 00:00:01,600\nHELLO\n\n2\n00:00:02,400 --> 00:00:02,800\nWORLD\n\n',
    );
    const inside = [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'movie=preserve.mp4[out0+subcc]',
      '-map',
      '0:s:0',
      '-f',
      'srt',
      '-',
    ];
    const { stdout } = await run('ffmpeg', inside, { cwd: dirname(path('preserve.mp4')) });
    expect(stdout.replace(/<[^>]*>|\{[^}]*\}/g, '')).toMatch(
      /00:00:00,8\d\d --> 00:00:01,6\d\d\s+HELLO\s+2\s+00:00:02,4\d\d --> 00:00:02,8\d\d\s+WORLD/,
    );
    expect(manifest.streams[0]).toMatchObject({ fate: 'converted', sidecar: 'stream-0.srt' });
    expect(manifest.streams[0]?.why).toContain('closed captions');
    expect(manifest.warnings.filter((each) => /captions/.test(each))).toEqual([]);
  });

  it.each([
    ['MPEG-2', (video: Buffer) => withMpeg2Captions(video, captionPairs(80, SAID)), true],
    ['a DVD', (video: Buffer) => withDvdCaptions(video, captionPairs(80, SAID), 5), false],
  ])('of %s are beside the film, and inside it where HEVC can hold them', async (name, edit, isInside) => {
    const plain = await made('plain.m2v', [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=3.2', '-c:v', 'mpeg2video', '-g', '5', '-bf', '0'],
    ]);
    await writeFile(join(folder, 'captioned.m2v'), edit(await readFile(plain)));
    const source = await made(`${name}.mpg`, [
      '-fflags',
      '+genpts',
      '-r',
      '25',
      '-i',
      join(folder, 'captioned.m2v'),
      '-c',
      'copy',
      '-f',
      'vob',
    ]);
    const { path, manifest } = await milledFile(source, settings);
    expect(manifest.streams[0]).toMatchObject({ sidecar: 'stream-0.srt' });
    expect(await readFile(path('stream-0.srt'), 'utf8')).toMatch(
      /^1\n00:00:00,800 --> 00:00:01,600\nHELLO\n\n2\n00:00:02,400 --> 00:00:02,800\nWORLD\n/,
    );
    expect(await saidInside(path('preserve.mp4'))).toBe(isInside ? 'HELLO WORLD' : '');
    const told = manifest.warnings.filter((each) => /captions/.test(each));
    expect(told).toEqual(isInside ? [] : [expect.stringContaining('in the sidecar alone')]);
  });

  it('of a track of their own are beside the film too', async () => {
    const pairs = '9420 9420 94ae 94ae 9470 9470 c845 4c4c 4f80 942f 942f';
    const scc = join(folder, 'captions.scc');
    await writeFile(scc, `Scenarist_SCC V1.0\n\n00:00:01:00\t${pairs}\n\n00:00:02:00\t942c 942c\n\n`);
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=30:duration=2.5', '-c:v', 'libx264'];
    const source = await made('track.mov', [
      ...picture.slice(0, 4),
      '-f',
      'scc',
      '-i',
      scc,
      ...picture.slice(4),
      '-c:s',
      'copy',
      '-map',
      '0',
      '-map',
      '1',
    ]);
    const { path } = await milledFile(source, settings);
    expect(await readFile(path('stream-1.srt'), 'utf8')).toMatch(/^1\n00:00:01,\d+ --> 00:00:0[12],\d+\nHELLO\n/);
  });

  it('are said to be lost by recipes that publish nothing beside the film', async () => {
    const source = await made('vj.mp4', ['-r', '25', '-i', captioned, '-c', 'copy', '-t', '0.4']);
    const { manifest } = await milledFile(source, {}, 'vj');
    expect(manifest.warnings).toContainEqual(expect.stringContaining('closed captions'));
  });

  it('of which there are none but padding are told as empty, and nothing is published for them', async () => {
    const silent = join(folder, 'silent.h264');
    await writeFile(silent, withCaptions(await readFile(join(folder, 'plain.h264')), captionPairs(80, [])));
    const source = await made('silent.mp4', ['-r', '25', '-i', silent, '-c', 'copy', '-t', '0.4']);
    const { manifest } = await milledFile(source, settings);
    expect(manifest.sidecars).toEqual([]);
    expect(manifest.streams[0]).toMatchObject({
      fate: 'converted',
      why: expect.stringContaining('the stream is empty'),
    });
  });
});
