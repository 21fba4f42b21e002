import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inputArguments, pictureInput } from '../../../media/probe/input-arguments.ts';
import { judgeStructure } from '../../../media/structure/judge-structure.ts';
import { CLIPS, type ClipName } from '../../fixtures/clips.ts';
import { hugeH264, mkvOfTracks, mp4OfTracks, tsOfStreams } from '../../fixtures/crafted.ts';
import { HARD_NAMES } from '../../fixtures/hard-names.ts';
import { clip, fileOf, makeClip } from '../../fixtures/make.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';

type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

function run(tool: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(tool, args, (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }));
  });
}

const FRAMES = ['-f', 'framehash', '-'];
const QUIET = ['-hide_banner', '-nostdin', '-v', 'error'];
const decoded = (input: readonly string[]) => run('ffmpeg', [...QUIET, ...input, '-map', '0:v', ...FRAMES]);
const probed = (entries: string, input: readonly string[]) =>
  run('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'csv', ...input]);

let folder = '';
let server: Server;
let address = '';
let asked = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inputs-'));
  const canary = await readFile(await clip('ts'));
  await copyFile(await makeClip({ file: 'canary.mov', args: CLIPS.elsewhere.args }), join(folder, 'canary.mov'));
  await writeFile(join(folder, 'canary.ts'), canary);
  server = createServer((_, response) => {
    asked += 1;
    response.end(canary);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  asked = 0;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const HLS = (entry: string) =>
  `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${entry}\n#EXT-X-ENDLIST\n`;

/** Each with the options under which bare ffmpeg does follow it: so the trap is known to work. */
const TRAPS: readonly {
  name: string;
  bytes: () => string | Promise<Buffer>;
  follows: readonly string[];
  where: 'file' | 'address';
}[] = [
  {
    name: 'an ffconcat script',
    bytes: () => `ffconcat version 1.0\nfile canary.mov\n`,
    follows: ['-f', 'concat'],
    where: 'file',
  },
  {
    name: 'an ffconcat script of an address',
    bytes: () => `ffconcat version 1.0\nfile ${address}/a.ts\n`,
    follows: ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file,http,tcp'],
    where: 'address',
  },
  {
    name: 'an HLS playlist of an address',
    bytes: () => HLS(`${address}/a.ts`),
    follows: ['-f', 'hls', '-protocol_whitelist', 'file,http,tcp'],
    where: 'address',
  },
  {
    name: 'an HLS playlist of a file',
    bytes: () => HLS('canary.ts'),
    follows: ['-f', 'hls'],
    where: 'file',
  },
  {
    name: 'an HLS playlist of a file by its address',
    bytes: () => HLS(`file://${folder}/canary.ts`),
    follows: ['-f', 'hls', '-allowed_extensions', 'ALL', '-protocol_whitelist', 'file'],
    where: 'file',
  },
  {
    name: 'a movie whose pictures lie in another file',
    bytes: async () => readFile(await clip('elsewhere')),
    follows: ['-enable_drefs', '1'],
    where: 'file',
  },
];

describe('a file posing as a video', () => {
  it.each(TRAPS)(
    'is followed by bare ffmpeg, so that the next test can fail: $name',
    async ({ bytes, follows, where }) => {
      const path = join(folder, 'video.mp4');
      await writeFile(path, await bytes());
      const { stdout } = await decoded([...follows, '-i', path]);
      expect(stdout).toMatch(/^0, /m);
      expect(asked > 0).toBe(where === 'address');
    },
  );

  it.each(TRAPS)('opens no other file and no address: $name', async ({ bytes }) => {
    const path = join(folder, 'video.mp4');
    await writeFile(path, await bytes());
    for (const input of [
      inputArguments(path),
      inputArguments(path, { family: 'mp4' }),
      inputArguments(path, { family: 'ts' }),
    ]) {
      expect((await decoded(input)).stdout).not.toMatch(/^0, /m);
      expect((await probed('packet=size', input)).stdout).not.toMatch(/\d/);
    }
    expect(asked).toBe(0);
  });

  it.each(TRAPS)('is refused before ffmpeg sees it: $name', async ({ bytes }) => {
    const path = join(folder, 'video.mp4');
    await writeFile(path, await bytes());
    await expect(judgeStructure(path, new AbortController().signal)).rejects.toMatchObject({
      code: expect.stringMatching(/^(not-video|bad-input)$/),
    });
  });

  it('opens only itself, by what the kernel saw (where strace is at hand)', async () => {
    const path = join(folder, 'video.mp4');
    for (const { bytes } of TRAPS) {
      await writeFile(path, await bytes());
      const log = join(folder, 'trace');
      const args = [
        '-f',
        '-qq',
        '-e',
        'trace=open,openat,connect',
        '-o',
        log,
        'ffmpeg',
        ...QUIET,
        ...inputArguments(path),
        ...FRAMES,
      ];
      const traced = await run('strace', args);
      const calls = traced.code === -1 ? '' : await readFile(log, 'utf8').catch(() => '');
      expect(calls).not.toMatch(/canary|connect\(.*AF_INET/);
    }
  });
});

describe('the input arguments', () => {
  it.each<ClipName>([
    ...([
      'cfr',
      'fragmented',
      'prores',
      'matroska',
      'browserWebm',
      'packedAvi',
      'ts',
      'm2ts',
      'ts204',
      'ps',
      'ogg',
    ] as const),
    ...(['flv', 'asf', 'mxf', 'nut', 'ivf', 'dv', 'y4m', 'h264', 'hevc', 'm2v'] as const),
  ])('let ffmpeg and ffprobe read a healthy source, as bare ffmpeg reads it: %s', async (name) => {
    const path = await clip(name);
    const { family } = await judgeStructure(path, new AbortController().signal);
    const bare = await decoded(['-i', path]);
    expect(bare.stdout).toMatch(/^0, /m);
    expect((await decoded(inputArguments(path, { family }))).stdout).toBe(bare.stdout);
    expect(await probed('stream=codec_type', inputArguments(path))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('video'),
    });
  });

  it.each(HARD_NAMES)('take any name: %j', async (name) => {
    const path = join(folder, name);
    await copyFile(await clip('oneFrame'), path);
    expect(await decoded(inputArguments(path))).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0, /m) });
    expect(await probed('stream=width', inputArguments(relative(process.cwd(), path)))).toMatchObject({ code: 0 });
  });

  it('ask for one thread where several make different pictures of damage, before the input', () => {
    const source = { path: 'a.avi', probe: aProbe([aStream('video', 'mpeg4')]), stream: 0 };
    const steady = { ...source, probe: { ...source.probe, byOneThread: true as const } };
    expect(pictureInput(steady)).toEqual(['-threads', '1', ...pictureInput(source)]);
  });

  it('read no demuxer but the one of the family that was judged', async () => {
    const path = await clip('matroska');
    expect((await decoded(inputArguments(path, { family: 'mp4' }))).code).not.toBe(0);
  });

  it.each<[string, () => Promise<string>]>([
    ['a bare stream of 60000x60000', () => fileOf('huge.h264', hugeH264())],
    ['an MP4 of 5,000 tracks', () => fileOf('tracks.mp4', mp4OfTracks(5000))],
    ['a Matroska of 5,000 tracks', () => fileOf('tracks.mkv', mkvOfTracks(5000))],
    ['a transport stream of 5,000', () => fileOf('streams.ts', tsOfStreams(5000))],
  ])('bound what ffprobe does with %s', async (_, make) => {
    const { stdout } = await probed('format=nb_streams', inputArguments(await make()));
    expect(Number(/format,(\d+)/.exec(stdout)?.[1] ?? 0)).toBeLessThanOrEqual(257);
  });
});
