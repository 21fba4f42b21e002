import { once } from 'node:events';
import { constants } from 'node:fs';
import {
  access,
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { folderStore } from '../../../adapters/local/folder-store.ts';
import { ServiceError } from '../../../core/errors.ts';
import type { ObjectStore } from '../../../core/ports/object-store.ts';
import { objectStoreContract } from '../../contracts/object-store.ts';
import { bundled } from '../../fixtures/bundled.ts';

const newFolder = (parent = tmpdir()) => mkdtemp(join(parent, 'reelmill-folder-'));
const signal = new AbortController().signal;
const video = { contentType: 'video/mp4', signal };

objectStoreContract('a folder', async () => {
  const root = await newFolder();
  return { store: folderStore(join(root, 'made by the first write')), close: () => rm(root, { recursive: true }) };
});

describe('folderStore', () => {
  let base: string;
  let root: string;
  let outside: string;
  let store: ObjectStore;

  beforeEach(async () => {
    base = await newFolder();
    root = join(base, 'root');
    outside = join(base, 'outside');
    await mkdir(join(root, 'input'), { recursive: true });
    await mkdir(outside);
    await writeFile(join(outside, 'secret.mov'), 'secret');
    store = folderStore(root);
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  const keys = async (prefix = '') => {
    const found: string[] = [];
    for await (const { key } of store.list(prefix)) found.push(key);
    return found;
  };
  const leftovers = async () =>
    (await readdir(base, { recursive: true })).filter((name) => name.includes('.reelmill-tmp-'));

  describe('what is no file', () => {
    it.each([
      { what: 'a folder', make: (path: string) => mkdir(path), says: /^"input\/a" is a folder; .*reelmill watch/ },
      { what: 'a pipe', make: (path: string) => execa('mkfifo', [path]), says: /^"input\/a" is a pipe, / },
      { what: 'nothing', make: async () => {}, says: /^there is no file "input\/a" in / },
    ])('is called by its name: $what', async ({ make, says }) => {
      await make(join(root, 'input/a'));
      expect(await store.head('input/a')).toBeUndefined();
      await expect(store.fetch('input/a', signal)).rejects.toMatchObject({
        code: 'no-input',
        message: expect.stringMatching(says),
      });
    });

    it('is called by its name: a socket', async () => {
      const server = createServer().listen(join(root, 'input/a'));
      await once(server, 'listening');
      await expect(store.fetch('input/a', signal)).rejects.toMatchObject({
        message: expect.stringMatching(/^"input\/a" is a socket; /),
      });
      server.close();
    });

    it('is called by its name: a device', async () => {
      await expect(folderStore('/dev').fetch('null', signal)).rejects.toMatchObject({
        code: 'no-input',
        message: '"null" is a device; copy what it holds to a file',
      });
    });
  });

  describe('links', () => {
    const bad = { code: 'bad-input' };

    it('refuses to go out through a link to a file', async () => {
      await symlink(join(outside, 'secret.mov'), join(root, 'input/link.mov'));
      await expect(store.head('input/link.mov')).rejects.toMatchObject(bad);
      await expect(store.read('input/link.mov')).rejects.toMatchObject(bad);
      await expect(store.fetch('input/link.mov', signal)).rejects.toMatchObject(bad);
      await expect(store.copy('input/link.mov', 'a.mov')).rejects.toMatchObject(bad);
      await expect(store.write('input/link.mov', 'x', 'text/plain')).rejects.toMatchObject(bad);
      await expect(store.remove('input/link.mov')).rejects.toMatchObject(bad);
      expect(await keys()).toEqual([]);
    });

    it('refuses to go out through a link to a folder', async () => {
      await symlink(outside, join(root, 'output'));
      await writeFile(join(base, 'made.mp4'), 'made');
      await expect(store.head('output/secret.mov')).rejects.toMatchObject(bad);
      await expect(store.write('output/deep/new.json', 'x', 'text/plain')).rejects.toMatchObject(bad);
      await expect(store.put('output/new.mp4', join(base, 'made.mp4'), video)).rejects.toMatchObject(bad);
      await expect(keys('output/')).rejects.toMatchObject(bad);
      expect(await keys()).toEqual([]);
      expect(await readdir(outside)).toEqual(['secret.mov']);
    });

    it.each([
      { what: 'nowhere', target: '../../no/such/file' },
      { what: 'to itself', target: 'link' },
    ])('refuses a link that leads $what', async ({ target }) => {
      await symlink(target, join(root, 'input/link'));
      await expect(store.head('input/link')).rejects.toMatchObject(bad);
      await expect(store.write('input/link', 'x', 'text/plain')).rejects.toMatchObject(bad);
      await expect(store.write('input/link/below.json', 'x', 'text/plain')).rejects.toMatchObject(bad);
      expect(await keys()).toEqual([]);
    });

    it('reads through a link that stays inside, and writes beside what it leads to', async () => {
      await store.write('input/a.mov', 'the source', 'video/mp4');
      await symlink('a.mov', join(root, 'input/b.mov'));
      expect(Buffer.from((await store.read('input/b.mov')) ?? '').toString()).toBe('the source');
      expect(await keys()).toEqual(['input/a.mov', 'input/b.mov']);
      await store.write('input/b.mov', 'its own', 'video/mp4');
      expect(await readFile(join(root, 'input/a.mov'), 'utf8')).toBe('the source');
      await symlink('a.mov', join(root, 'input/c.mov'));
      await store.remove('input/c.mov');
      expect(await keys()).toEqual(['input/a.mov', 'input/b.mov']);
    });

    it('does not follow a link to a folder in a list, not even in a circle', async () => {
      await store.write('input/a.mov', 'x', 'video/mp4');
      await symlink('..', join(root, 'input/up'));
      expect(await keys()).toEqual(['input/a.mov']);
    });

    it('works in a folder that is itself reached through a link', async () => {
      await symlink(root, join(base, 'door'));
      store = folderStore(join(base, 'door'));
      await store.write('input/a.mov', 'x', 'video/mp4');
      expect(await keys()).toEqual(['input/a.mov']);
    });
  });

  it('leaves hidden names out of a list, but for those that the prefix names', async () => {
    for (const key of ['.hidden', 'input/.DS_Store', '.work/cache/a.nut', 'input/a.mov'])
      await store.write(key, 'x', 'text/plain');
    expect(await keys()).toEqual(['input/a.mov']);
    expect(await keys('.work/')).toEqual(['.work/cache/a.nut']);
  });

  it('passes over pipes without waiting for a writer', async () => {
    await execa('mkfifo', [join(root, 'input/pipe.mov')]);
    expect(await keys()).toEqual([]);
    expect(await store.read('input/pipe.mov')).toBeUndefined();
    await expect(store.fetch('input/pipe.mov', signal)).rejects.toMatchObject({ code: 'no-input' });
    await expect(store.put('a.mov', join(root, 'input/pipe.mov'), video)).rejects.toMatchObject({ code: 'no-input' });
  });

  it('passes over names that are not UTF-8', async () => {
    const name = Buffer.concat([Buffer.from(join(root, 'input', 'caf')), Buffer.from([0xe9]), Buffer.from('.mov')]);
    await writeFile(name, 'x');
    await store.write('input/z.mov', 'x', 'video/mp4');
    expect(await keys()).toEqual(['input/z.mov']);
  });

  it('moves a file of its own file system instead of copying it', async () => {
    const made = join(base, 'made.mp4');
    await writeFile(made, 'made');
    const { ino } = await stat(made);
    await store.put('output/a.mp4', made, video);
    expect((await stat(join(root, 'output/a.mp4'))).ino).toBe(ino);
    await expect(access(made)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('copies what a link leads to and leaves both', async () => {
    await symlink(join(outside, 'secret.mov'), join(base, 'link.mov'));
    await store.put('output/a.mp4', join(base, 'link.mov'), video);
    expect((await stat(join(root, 'output/a.mp4'))).isFile()).toBe(true);
    expect(await readFile(join(base, 'link.mov'), 'utf8')).toBe('secret');
  });

  describe('a file of another file system', () => {
    let elsewhere: string;
    beforeEach(async () => {
      elsewhere = await newFolder('/dev/shm');
    });
    afterEach(() => rm(elsewhere, { recursive: true, force: true }));

    it('is put whole and taken away', async () => {
      expect((await stat(elsewhere)).dev).not.toBe((await stat(root)).dev);
      const bytes = Buffer.alloc(5_000_000, 'reelmill');
      await writeFile(join(elsewhere, 'made.mp4'), bytes);
      await store.put('output/a.mp4', join(elsewhere, 'made.mp4'), video);
      expect(bytes.equals(await readFile(join(root, 'output/a.mp4')))).toBe(true);
      expect(await readdir(elsewhere)).toEqual([]);
      expect(await leftovers()).toEqual([]);
    });

    it('leaves nothing when aborted in the middle, and stays', async () => {
      const bytes = 4_000_000_000;
      await writeFile(join(elsewhere, 'made.mp4'), '');
      await truncate(join(elsewhere, 'made.mp4'), bytes); // sparse: long to copy, and takes no memory
      const reclaimed = new ServiceError('reclaimed', 'the machine is wanted back');
      const abort = new AbortController();
      const putting = store.put('output/a.mp4', join(elsewhere, 'made.mp4'), { ...video, signal: abort.signal });
      const refused = expect(putting).rejects.toBe(reclaimed);
      await until(async () => (await leftovers()).length > 0);
      abort.abort(reclaimed);
      await refused;
      expect(await keys()).toEqual([]);
      expect(await leftovers()).toEqual([]);
      expect((await stat(join(elsewhere, 'made.mp4'))).size).toBe(bytes);
    });
  });

  it('copies so that an edit of the source in place does not reach the copy', async () => {
    await store.write('input/a.mov', 'the source', 'video/mp4');
    await store.copy('input/a.mov', 'output/a.mov');
    const source = await open(join(root, 'input/a.mov'), 'r+');
    await source.write('EDITED');
    await source.close();
    expect(await readFile(join(root, 'output/a.mov'), 'utf8')).toBe('the source');
    expect((await stat(join(root, 'output/a.mov'))).nlink).toBe(1);
  });

  describe('what the system refuses', () => {
    it('cannot write where a file or a folder is in the way', async () => {
      await store.write('a.mov', 'x', 'video/mp4');
      await store.write('b.mov/c.json', 'x', 'text/plain');
      await expect(store.write('a.mov/c.json', 'x', 'text/plain')).rejects.toMatchObject({ code: 'cannot-write' });
      await expect(store.write('b.mov', 'x', 'text/plain')).rejects.toMatchObject({ code: 'cannot-write' });
      expect(await store.head('a.mov/c.json')).toBeUndefined();
      expect(await leftovers()).toEqual([]);
    });

    it('refuses a name that is longer than the file system takes', async () => {
      const key = `input/${'x'.repeat(300)}`;
      expect(await store.head(key)).toBeUndefined();
      await expect(store.write(key, 'x', 'text/plain')).rejects.toMatchObject({ code: 'bad-input' });
    });

    it('does not read what is too large to be small', async () => {
      const file = await open(join(root, 'recipes.json'), 'w');
      await file.truncate(65 * 1024 * 1024);
      await file.close();
      await expect(store.read('recipes.json')).rejects.toMatchObject({ code: 'over-limit' });
    });

    /** A process of its own without root's privileges: root may write anywhere. */
    const attempt = async (call: string, limits = '') => {
      const script = await bundled(`
        import { folderStore } from './adapters/local/folder-store.ts';
        if (process.getuid?.() === 0) { process.setgid?.(65534); process.setuid?.(65534); }
        const store = folderStore(process.argv[2] ?? '');
        const signal = new AbortController().signal;
        try { await (${call}); console.log('done'); } catch (error) { console.log(error.code); }
      `);
      const { stdout } = await execa('sh', ['-c', `${limits} exec "$@"`, 'sh', process.execPath, script, root]);
      return stdout;
    };

    it.each([
      { what: 'write into a locked folder', call: `store.write('locked/a.json', '{}', '')`, code: 'cannot-write' },
      { what: 'make a folder in a locked one', call: `store.write('locked/b/a.json', '{}', '')`, code: 'cannot-write' },
      { what: 'read a locked file', call: `store.read('input/locked.mov')`, code: 'no-input' },
      { what: 'fetch a locked file', call: `store.fetch('input/locked.mov', signal)`, code: 'no-input' },
      { what: 'copy a locked file', call: `store.copy('input/locked.mov', 'open/a.mov')`, code: 'no-input' },
      { what: 'list a closed folder', call: `store.list('closed/')[Symbol.asyncIterator]().next()`, code: 'no-input' },
      { what: 'write what it may', call: `store.write('open/a.json', '{}', '')`, code: 'done' },
    ])('tries to $what: $code', async ({ call, code }) => {
      for (const folder of ['locked', 'closed', 'open']) await mkdir(join(root, folder));
      await writeFile(join(root, 'input/locked.mov'), 'x');
      await chmod(base, 0o755);
      await chmod(join(root, 'input/locked.mov'), 0o000);
      await chmod(join(root, 'locked'), 0o555);
      await chmod(join(root, 'closed'), 0o000);
      await chmod(join(root, 'open'), 0o777);
      try {
        expect(await attempt(call)).toBe(code);
      } finally {
        await chmod(join(root, 'closed'), 0o755);
      }
    });

    it.each([
      { what: 'a small object', call: `store.write('open/a.json', 'x'.repeat(100_000), '')` },
      { what: 'a copy', call: `store.copy('input/large.mov', 'open/a.mov')` },
    ])('finds no room for $what and leaves nothing of it', async ({ call }) => {
      await mkdir(join(root, 'open'));
      await chmod(base, 0o755);
      await chmod(join(root, 'open'), 0o777);
      await writeFile(join(root, 'input/large.mov'), Buffer.alloc(1_000_000));
      expect(await attempt(call, 'ulimit -f 16;')).toBe('disk-full');
      expect(await readdir(join(root, 'open'))).toEqual([]);
    });
  });

  it('locates an object by its absolute path', async () => {
    await store.write('output/a.json', '{}', 'application/json');
    await expect(access(store.locate('output/a.json'), constants.R_OK)).resolves.toBeUndefined();
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
