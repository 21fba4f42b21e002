import { chmod, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { x264In, x265In } from '../../../media/tools/library-version.ts';
import { namesIn, versionIn } from '../../../media/tools/tool-facts.ts';
import { openToolbox, type ToolboxSearch } from '../../../media/tools/toolbox.ts';

const searchPath = process.env.PATH ?? '';
const never = new AbortController().signal;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'toolbox '));
});
afterAll(() => rm(folder, { recursive: true }));

const open = (search: Partial<ToolboxSearch> = {}) =>
  openToolbox({
    ...{ candidates: [], searchPath, cacheFile: join(folder, 'none', 'cache.json'), madeBy: '1.0.0' },
    ...{ namesLibraries: false, signal: never, ...search },
  });

async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('the toolbox', () => {
  it('knows what the ffmpeg on the PATH can do', async () => {
    const { ffmpeg, ffprobe, withEncoder, withFilter } = await open();
    expect(ffmpeg.version).toMatch(/^(n?\d+\.|N-|git-)/);
    expect(ffprobe).toMatch(/ffprobe$/);
    expect([...ffmpeg.encoders]).toEqual(expect.arrayContaining(['libx265', 'aac']));
    expect([...ffmpeg.decoders]).toEqual(expect.arrayContaining(['h264', 'hevc']));
    expect([...ffmpeg.muxers]).toEqual(expect.arrayContaining(['mp4', 'nut', 'null']));
    expect(withFilter('ssim')).toBe(ffmpeg);
    expect(withEncoder('no-such-encoder')).toBeUndefined();
    expect(ffmpeg.filters.has('=')).toBe(false);
  });

  it('asks a tool once, and again when it has changed', async () => {
    const log = join(folder, 'asked');
    const wrapped = await program('counting-ffmpeg', `echo "$*" >> '${log}'; exec ffmpeg "$@"`);
    const search = { candidates: [wrapped], cacheFile: join(folder, 'cache.json') };
    const asked = async () =>
      (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes('-encoders')).length;
    const first = await open(search);
    const second = await open(search);
    expect(second.ffmpeg).toEqual(first.ffmpeg);
    expect(await asked()).toBe(1);
    await utimes(wrapped, new Date(), new Date(0));
    await open(search);
    expect(await asked()).toBe(2);
    await open({ ...search, madeBy: '1.0.1' });
    expect(await asked()).toBe(3);
  });

  it('asks a tool once, though others that do not know of it are asked in between', async () => {
    const log = join(folder, 'asked-between');
    const wrapped = await program('once-ffmpeg', `echo "$*" >> '${log}'; exec ffmpeg "$@"`);
    const cacheFile = join(folder, 'shared.json');
    await open({ candidates: [wrapped], cacheFile });
    await open({ cacheFile });
    await open({ candidates: [wrapped], cacheFile });
    expect((await readFile(log, 'utf8')).match(/-encoders/g)).toHaveLength(1);
  });

  it('forgets what a tool could do before it changed', async () => {
    const wrapped = await program('changing-ffmpeg', 'exec ffmpeg "$@"');
    const search = { candidates: [wrapped], cacheFile: join(folder, 'changing.json') };
    for (const at of [1, 2, 3]) {
      await utimes(wrapped, at, at);
      await open(search);
    }
    const { tools } = JSON.parse(await readFile(search.cacheFile, 'utf8'));
    expect(Object.keys(tools).filter((stamp) => stamp.includes('changing-ffmpeg'))).toEqual([
      expect.stringMatching(/changing-ffmpeg 3000 \d+$/),
    ]);
  });

  it('ignores a damaged cache', async () => {
    const cacheFile = join(folder, 'damaged.json');
    await writeFile(cacheFile, '{"version":1,"tools":{"x":');
    expect((await open({ cacheFile })).ffmpeg.version).not.toBe('');
    expect(JSON.parse(await readFile(cacheFile, 'utf8'))).toMatchObject({ version: 3, madeBy: '1.0.0' });
  });

  it('lists named tools first and once, and ignores broken ones that it finds', async () => {
    await program('ffmpeg', 'exit 1');
    const link = join(folder, 'linked-ffmpeg');
    const { ffmpeg } = await open();
    await symlink(ffmpeg.path, link);
    const broken = await open({ candidates: [link, ffmpeg.path], searchPath: `${folder}:${searchPath}` });
    expect(broken.all[0]?.path).toBe(link);
    expect(broken.all.filter(({ version }) => version === ffmpeg.version)).toHaveLength(1);
  });

  it.each([
    {
      does: 'there is no ffmpeg',
      search: { searchPath: '/nowhere' },
      says: /no ffmpeg on this machine: apt-get install/,
    },
    {
      does: 'a named one is not there',
      search: { candidates: ['/no/ffmpeg'] },
      says: /names "\/no\/ffmpeg", which is not there/,
    },
    {
      does: 'a named one is something else',
      search: { candidates: ['/bin/echo'] },
      says: /echo does not work as an ffmpeg/,
    },
  ])('fails as missing-tool if $does', async ({ search, says }) => {
    await expect(open(search)).rejects.toMatchObject({ code: 'missing-tool', message: expect.stringMatching(says) });
  });

  it('fails as missing-tool if there is no ffprobe', async () => {
    const { ffmpeg } = await open();
    const alone = await mkdtemp(join(folder, 'alone-'));
    await symlink(ffmpeg.path, join(alone, 'ffmpeg'));
    await expect(open({ searchPath: alone })).rejects.toMatchObject({ code: 'missing-tool' });
  });
});

it.each([
  { of: 'encoders', line: ' V....D libx265              libx265 H.265 / HEVC (codec hevc)', names: ['libx265'] },
  { of: 'muxers of 5.1', line: '  E matroska        Matroska', names: ['matroska'] },
  { of: 'muxers of 7.0', line: '  E  nut             NUT', names: ['nut'] },
  { of: 'devices', line: ' DEd alsa            ALSA audio output', names: ['alsa'] },
  {
    of: 'filters',
    line: ' ..C libvmaf           VV->V      Calculate the VMAF between two video streams.',
    names: ['libvmaf'],
  },
  { of: 'demuxers', line: ' D  mov,mp4,m4a     QuickTime / MOV', names: ['mov', 'mp4', 'm4a'] },
  { of: 'keys', line: ' V..... = Video', names: [] },
  { of: 'keys', line: '  N = Dynamic number and/or type of input/output', names: [] },
  { of: 'headings', line: 'File formats:', names: [] },
  { of: 'rules', line: ' ------', names: [] },
])('reads names of $of: "$line"', ({ line, names }) => {
  expect(namesIn(`${line}\n`)).toEqual(names);
});

it('reads the version of an ffmpeg', () => {
  expect(versionIn('ffmpeg version 7.0.2-static https://johnvansickle.com/ffmpeg/  Copyright (c) 2000-2024\n')).toBe(
    '7.0.2-static',
  );
  expect(() => versionIn('toaster 2000')).toThrow('does not answer');
  const stderr = [
    'Stream mapping:',
    'x265 [info]: HEVC encoder version 3.5+1-f0c1022b6',
    'x265 [info]: build info [Linux][GCC 8.3.0][64 bit] 8bit+10bit+12bit',
  ];
  expect(x265In(stderr)).toBe('3.5+1-f0c1022b6 [Linux][GCC 8.3.0][64 bit] 8bit+10bit+12bit');
  expect(x265In(['frame=    1 fps=0.0'])).toBeUndefined();
  expect(x264In(['[libx264 @ 0x55] 264 - core 164 r3095 baee400 - H.264/MPEG-4 AVC codec'])).toBe(
    'core 164 r3095 baee400',
  );
  expect(x264In(['frame=    1 fps=0.0'])).toBeUndefined();
});
