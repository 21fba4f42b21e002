import { chmod, copyFile, mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type LibraryCache, storedVersion } from '../../../media/tools/library-cache.ts';
import { libraryStamp } from '../../../media/tools/library-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { freshToolbox } from '../../support/toolbox.ts';

const signal = new AbortController().signal;
let ffmpeg: string;
beforeAll(async () => {
  ffmpeg = (await freshToolbox(signal)).ffmpeg.path;
});

/** An ELF program of 64 bits that has no code: its header, and at some place program headers of these types. */
function program(types: readonly number[], { count = types.length, at = 64 } = {}): Buffer {
  const bytes = Buffer.alloc(at + 56 * types.length);
  bytes.writeUInt32BE(0x7f454c46, 0);
  bytes.set([2, 1, 1], 4);
  bytes.writeBigUInt64LE(BigInt(at), 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(count, 56);
  for (const [i, type] of types.entries()) bytes.writeUInt32LE(type, at + 56 * i);
  return bytes;
}

async function fileOf(content: Buffer | string): Promise<string> {
  const path = join(await temporaryFolder(), 'program');
  await writeFile(path, content);
  await chmod(path, 0o755);
  return path;
}

describe('the stamp of a library', () => {
  it('names the file that the loader takes, and changes when that file is replaced', async () => {
    const stamp = await libraryStamp(ffmpeg, 'libx265', signal);
    const file = stamp?.split('\n')[0] ?? '';
    expect(basename(file)).toMatch(/^libx265\.so/);
    expect(await libraryStamp(ffmpeg, 'libx265', signal)).toBe(stamp);
  });

  it.each([
    { of: 'a program that loads nothing', content: program([1, 1, 4]), stamp: 'inside the program' },
    { of: 'a program with headers at its end', content: program([1, 4], { at: 9000 }), stamp: 'inside the program' },
    { of: 'a script', content: '#!/bin/sh\nexec ffmpeg "$@"\n', stamp: undefined },
    { of: 'an empty file', content: '', stamp: undefined },
    { of: 'a cut header', content: program([1, 1]).subarray(0, 90), stamp: undefined },
    { of: 'a header that promises more than there is', content: program([1], { count: 9999 }), stamp: undefined },
  ])('is $stamp for $of', async ({ content, stamp }) => {
    expect(await libraryStamp(await fileOf(content), 'libx265', signal)).toBe(stamp);
  });

  it('is unknown for a library that the program does not load itself', async () => {
    expect(await libraryStamp(ffmpeg, 'libx266', signal)).toBeUndefined();
  });
});

describe('the stored version of a library', () => {
  async function opened(program = ffmpeg) {
    const folder = await temporaryFolder();
    const cache: LibraryCache = { file: join(folder, 'cache', 'libraries.json'), madeBy: '1.0.0' };
    let asked = 0;
    const version = (of = cache, path = program) =>
      storedVersion(of, { path, library: 'libx265', signal }, async () => `answer ${++asked}`);
    return { folder, cache, version };
  }

  it('is asked for once, and again by another version of this program', async () => {
    const { cache, version } = await opened();
    expect([await version(), await version()]).toEqual(['answer 1', 'answer 1']);
    expect(await version({ ...cache, madeBy: '1.0.1' })).toBe('answer 2');
  });

  it.each(['', '{"version":1,"madeBy":"1.0.0","answers":[{"program":', '{"version":9}', 'null'])(
    'is asked for again if the cache holds "%s"',
    async (content) => {
      const { cache, version } = await opened();
      await mkdir(dirname(cache.file));
      await writeFile(cache.file, content);
      expect([await version(), await version()]).toEqual(['answer 1', 'answer 1']);
    },
  );

  it('is asked for again when the program has changed', async () => {
    const own = await fileOf(program([1]));
    const { version } = await opened(own);
    expect([await version(), await version()]).toEqual(['answer 1', 'answer 1']);
    await utimes(own, new Date(), new Date(0));
    expect(await version()).toBe('answer 2');
  });

  it('is asked for again when the library has been replaced under the same program', async () => {
    const { folder, version } = await opened();
    const [file = ''] = (await libraryStamp(ffmpeg, 'libx265', signal))?.split('\n') ?? [];
    const copy = join(folder, basename(file));
    await copyFile(file, copy);
    const before = process.env.LD_LIBRARY_PATH;
    process.env.LD_LIBRARY_PATH = folder;
    try {
      expect(await libraryStamp(ffmpeg, 'libx265', signal)).toMatch(new RegExp(`^${folder}`));
      expect([await version(), await version()]).toEqual(['answer 1', 'answer 1']);
      await copyFile(file, copy);
      await utimes(copy, 1, 1); // on a quick disk both copies are made within a tick of its clock
      expect([await version(), await version()]).toEqual(['answer 2', 'answer 2']);
    } finally {
      if (before === undefined) delete process.env.LD_LIBRARY_PATH;
      else process.env.LD_LIBRARY_PATH = before;
    }
  });

  it('is asked for at each start where nobody can tell when the library changes', async () => {
    const script = await fileOf('#!/bin/sh\nexec ffmpeg "$@"\n');
    const { version } = await opened(script);
    expect([await version(), await version()]).toEqual(['answer 1', 'answer 2']);
  });

  it('is whole, whoever stores at the same time, and leaves no draft behind', async () => {
    const { folder, cache, version } = await opened();
    const links = await Promise.all(
      Array.from({ length: 6 }, async (_, i) => {
        const link = join(folder, `ffmpeg-${i}`);
        await copyFile(await fileOf(program([1])), link);
        return link;
      }),
    );
    await Promise.all(links.map((link) => version(cache, link)));
    expect(JSON.parse(await readFile(cache.file, 'utf8'))).toMatchObject({ version: 1, madeBy: '1.0.0' });
    expect(await readdir(dirname(cache.file))).toEqual(['libraries.json']);
  });

  it('is asked for where the cache cannot be written', async () => {
    const { folder, version } = await opened();
    await symlink('/dev/null', join(folder, 'null'));
    const cache = { file: join(folder, 'null', 'libraries.json'), madeBy: '1.0.0' };
    expect(await version(cache)).toBe('answer 1');
  });
});
