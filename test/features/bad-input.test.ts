import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { FAILURES, type FailureCode } from '../../core/errors.ts';
import { hugeH264, mkvOfTracks, mp4OfTracks, tsOfStreams } from '../fixtures/crafted.ts';
import { clip, makeClip } from '../fixtures/make.ts';
import { sha256 } from '../support/hash.ts';
import { withoutPower } from '../support/limits.ts';
import { QUICK, type ReelmillRun, reelmill, runOf } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const part = async (path: string, share: number) => {
  const bytes = await readFile(path);
  return bytes.subarray(0, Math.floor(bytes.length * share));
};
const picture = () =>
  makeClip({ file: 'still.png', args: ['-f', 'lavfi', '-i', 'testsrc2=size=160x120', '-frames:v', '1'] });

type Bad = {
  readonly file: string;
  readonly code: FailureCode;
  readonly says: RegExp;
  bytes(): Promise<string | Buffer> | string | Buffer;
};

let asked = 0;
const server = createServer((_, response) => {
  asked++;
  response.end();
});
const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.ts`;

const BAD: readonly Bad[] = [
  { file: 'cut.mp4', code: 'truncated', says: /cut short/, bytes: async () => part(await clip('cfr'), 0.7) },
  { file: 'cut-behind.mp4', code: 'truncated', says: /./, bytes: async () => part(await clip('indexBehind'), 0.7) },
  { file: 'cut.mkv', code: 'truncated', says: /cut short/, bytes: async () => part(await clip('matroska'), 0.7) },
  { file: 'cut.ts', code: 'truncated', says: /cut short/, bytes: async () => part(await clip('ts'), 0.7003) },
  { file: 'empty.mp4', code: 'not-video', says: /empty/, bytes: () => '' },
  { file: 'text.mp4', code: 'not-video', says: /a text file/, bytes: () => 'This is not a video.\nIt only says so.\n' },
  { file: 'playlist.mp4', code: 'not-video', says: /playlist/, bytes: () => `#EXTM3U\n#EXTINF:2,\n${address()}\n` },
  { file: 'script.mp4', code: 'not-video', says: /script/, bytes: () => `ffconcat version 1.0\nfile ${address()}\n` },
  { file: 'still.mp4', code: 'not-video', says: /PNG picture/, bytes: async () => readFile(await picture()) },
  { file: 'sound.mp4', code: 'not-video', says: /only audio/, bytes: async () => readFile(await clip('audioOnly')) },
  {
    file: 'cover.mp4',
    code: 'not-video',
    says: /only cover art/,
    bytes: async () => readFile(await clip('audioWithCover')),
  },
  {
    file: 'frameless.mp4',
    code: 'not-video',
    says: /without a single frame/,
    bytes: async () => readFile(await clip('zeroFrames')),
  },
  {
    file: 'reference.mov',
    code: 'bad-input',
    says: /reference movie/,
    bytes: async () => readFile(await clip('elsewhere')),
  },
  { file: 'huge.mp4', code: 'over-limit', says: /60000x60000/, bytes: async () => readFile(await clip('hugeMp4')) },
  { file: 'huge.mkv', code: 'over-limit', says: /60000x60000/, bytes: async () => readFile(await clip('hugeMkv')) },
  { file: 'huge.h264', code: 'not-video', says: /no picture size/, bytes: hugeH264 },
  { file: 'hevc.flv', code: 'not-video', says: /HEVC, AV1 or VP9/, bytes: hevcInFlv },
  { file: 'streams.mp4', code: 'over-limit', says: /streams/, bytes: () => mp4OfTracks(5000) },
  { file: 'streams.mkv', code: 'over-limit', says: /streams/, bytes: () => mkvOfTracks(5000) },
  { file: 'streams.ts', code: 'over-limit', says: /streams/, bytes: () => tsOfStreams(5000) },
];

/** Three tags of an FLV whose picture is HEVC by its FourCC (Enhanced RTMP 1, "Enhanced Video"), of which ffmpeg 5.1 reads no size. */
function hevcInFlv(): Buffer {
  const body = Buffer.concat([Buffer.from('\x94hvc1', 'latin1'), Buffer.alloc(40)]);
  const head = Buffer.from([9, 0, 0, body.length, 0, 0, 0, 0, 0, 0, 0]);
  const size = Buffer.from([0, 0, 0, head.length + body.length]);
  const tags = Array.from({ length: 3 }, () => Buffer.concat([head, body, size]));
  return Buffer.concat([Buffer.from('FLV\x01\x01\0\0\0\x09\0\0\0\0', 'latin1'), ...tags]);
}

describe('a bad source', () => {
  let out: string;
  let folder: string;
  let all: ReelmillRun;
  const before = new Map<string, { hash: string; mtimeMs: number; ino: number }>();
  const stateOf = async (file: string) => {
    const { mtimeMs, ino } = await stat(join(folder, file));
    return { hash: await sha256(join(folder, file)), mtimeMs, ino };
  };

  beforeAll(async () => {
    [out, folder] = [await temporaryFolder(), await temporaryFolder()];
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    for (const { file, bytes } of BAD) {
      await writeFile(join(folder, file), await bytes());
      before.set(file, await stateOf(file));
    }
    all = await reelmill(
      runOf(
        BAD.map(({ file }) => join(folder, file)),
        { out },
      ),
    );
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each(BAD)('$file is refused as $code, in one sentence, and left as it was', async ({ file, code, says }) => {
    const job = all.events.find(({ type, source }) => type === 'job.queued' && source === file)?.job;
    const ends = all.events.filter((event) => event.job === job && /^job\.(done|failed)$/.test(event.type));
    expect(ends).toEqual([{ type: 'job.failed', job, code, reason: expect.stringMatching(says) }]);
    expect(String(ends[0]?.reason)).toMatch(/^[^\n]{15,300}[^.\s]$/);
    const told = JSON.parse(await readFile(join(out, 'failed', 'preserve', `${file}.json`), 'utf8'));
    expect(told).toMatchObject({ code, exitCode: FAILURES[code].exit, reason: ends[0]?.reason, source: file });
    expect(await stateOf(file)).toEqual(before.get(file));
  });

  it('leaves nothing among the results, asks no address, and ends with the code of the first', async () => {
    expect(await readdir(out)).toEqual(['.reelmill', 'failed']);
    expect(asked).toBe(0);
    expect(all.code).toBe(65);
    expect(all.stderr).not.toMatch(/^\s+at /m);
  });

  it('is forgiven once it is good', async () => {
    await copyFile(await clip('cfr'), join(folder, 'cut.mp4'));
    const { code } = await reelmill(
      runOf([join(folder, 'cut.mp4')], { out, set: [...QUICK, '--set', 'evenIfLarger=true'] }),
    );
    expect(code).toBe(0);
    expect(await readdir(join(out, 'failed', 'preserve'))).not.toContain('cut.mp4.json');
  });
});

describe('a source that cannot be read', () => {
  it.each([
    { what: 'that is not there', make: async () => {} },
    { what: 'that is a folder', make: (path: string) => mkdir(path) },
    { what: 'that nobody may read', make: async (path: string) => writeFile(path, 'secret', { mode: 0 }) },
  ])('$what is 66', async ({ make }) => {
    const [out, folder] = [await temporaryFolder(), await temporaryFolder()];
    const source = join(folder, 'clip.mp4');
    await make(source);
    const { code, last } = await reelmill(runOf([source], { out }), { under: withoutPower() });
    expect({ code, last }).toMatchObject({
      code: 66,
      last: { type: 'job.failed', code: 'no-input', reason: expect.stringContaining('clip.mp4') },
    });
  });

  it.each([
    { what: 'a folder', make: (path: string) => mkdir(path), says: /^there is no film in the folder ".*clip"$/ },
    { what: 'a pipe', make: (path: string) => execa('mkfifo', [path]), says: /^"clip" is a pipe, .*to a file$/ },
  ])('as $what, after another, is told as that and not waited for', async ({ make, says }) => {
    const [out, folder] = [await temporaryFolder(), await temporaryFolder()];
    await make(join(folder, 'clip'));
    const { code, events } = await reelmill(runOf([join(folder, 'gone.mp4'), join(folder, 'clip')], { out }));
    const reasons = events.filter(({ type }) => type === 'job.failed').map(({ reason }) => reason);
    expect(reasons).toEqual([expect.stringMatching(/^there is no file "gone.mp4"/), expect.stringMatching(says)]);
    expect(code).toBe(66);
  });
});

describe('a folder that cannot be written', () => {
  it.each([
    { what: 'results', blocked: 'out' },
    { what: 'work', blocked: 'work' },
  ] as const)('of $what is 73, and the source is left as it was', async ({ blocked }) => {
    const places = { out: await temporaryFolder(), work: await temporaryFolder() };
    await chmod(places[blocked], 0o555);
    const source = await clip('cfr');
    const { mtimeMs } = await stat(source);
    const { code, last } = await reelmill(
      runOf([source], { ...places, set: [...QUICK, '--set', 'evenIfLarger=true'] }),
      {
        under: withoutPower(),
      },
    );
    expect({ code, last }).toMatchObject({ code: 73, last: { type: 'job.failed', code: 'cannot-write' } });
    expect(await readdir(places.out)).toEqual([]);
    expect((await stat(source)).mtimeMs).toBe(mtimeMs);
  });

  it.each(['/dev/null/reelmill', '/dev/null'])('as %s is 73', async (out) => {
    const { code, last } = await reelmill(runOf([await clip('cfr')], { out }));
    expect({ code, last }).toMatchObject({ code: 73, last: { type: 'job.failed', code: 'cannot-write' } });
  });
});
