import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { folderStore } from '../../../adapters/local/folder-store.ts';
import { partFiles } from '../../../adapters/local/part-files.ts';
import { checkSignature } from '../../../adapters/local/signed-parts.ts';
import { asServiceError, FAILURES } from '../../../core/errors.ts';
import type { PartAddress } from '../../../core/ports/part-store.ts';
import { checksumOf, partStoreContract } from '../../contracts/part-store.ts';

const SECRET = Buffer.from('a secret of this test');

async function* piecewise(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 5) yield bytes.subarray(at, at + 5);
}

async function open() {
  const root = await mkdtemp(join(tmpdir(), 'reelmill-parts-'));
  const folder = join(root, 'parts');
  const store = folderStore(root);
  const files = partFiles(folder, SECRET, root);
  const put = async ({ url }: PartAddress, bytes: Uint8Array) => {
    const [, reference = '', number = ''] = /uploads\/([^/]+)\/parts\/(\d+)/.exec(url) ?? [];
    const query = new URL(url, 'http://localhost').searchParams;
    const value = (name: string) => query.get(name) ?? '';
    const part = {
      ...{ reference, number: Number(number), start: Number(value('start')), bytes: Number(value('bytes')) },
      checksum: value('checksum'),
    };
    try {
      const expiresMs = Number(value('expires'));
      checkSignature(SECRET, { ...part, expiresMs }, value('signature'), Date.now());
      await files.receive({ ...part, body: piecewise(bytes) });
      return 200;
    } catch (error) {
      return FAILURES[asServiceError(error).code].http;
    }
  };
  return { store: files, put, read: store.read, close: () => rm(root, { recursive: true }), root, folder };
}

partStoreContract('a folder', open);

describe('partFiles', () => {
  const plan = { bytes: 8, partBytes: 4, parts: 2 };
  const upload = (settings = {}) => ({
    id: 'one',
    key: 'input/vj/b.mov',
    plan,
    modifiedMs: 1_600_000_000_000,
    settings,
  });
  const part = (number: number, text: string) => {
    const bytes = Buffer.from(text);
    return {
      reference: 'one',
      number,
      start: (number - 1) * 4,
      bytes: 4,
      checksum: checksumOf(bytes),
      body: piecewise(bytes),
    };
  };

  it('keeps what has arrived over a restart, and leaves nothing behind', async () => {
    const { root, folder, close } = await open();
    const first = partFiles(folder, SECRET, root);
    await first.begin(upload());
    await first.receive(part(2, 'half'));
    const second = partFiles(folder, SECRET, root);
    expect(await second.parts({ ...upload(), reference: 'one' })).toMatchObject([{ number: 2 }]);
    await second.receive(part(1, 'one '));
    await second.complete({ ...upload({ codec: 'hap' }), reference: 'one' }, []);
    expect((await stat(join(root, 'input/vj/b.mov'))).mtimeMs).toBe(1_600_000_000_000);
    expect(JSON.parse(`${Buffer.from((await folderStore(root).read('input/vj/b.mov.reelmill.json')) ?? [])}`)).toEqual({
      settings: { codec: 'hap' },
    });
    expect(await readdir(folder)).toEqual([]);
    await close();
  });

  it('takes the later of two versions of a part whole, when both arrive at the same time', async () => {
    const { root, folder, close } = await open();
    const files = partFiles(folder, SECRET, root);
    await files.begin(upload());
    await files.receive(part(2, 'tail'));
    await Promise.all([files.receive(part(1, 'AAAA')), files.receive(part(1, 'BBBB'))]);
    const [first] = (await files.parts({ ...upload(), reference: 'one' })) ?? [];
    await files.complete({ ...upload(), reference: 'one' }, []);
    const whole = Buffer.from((await folderStore(root).read('input/vj/b.mov')) ?? []).toString();
    expect(whole).toBe('BBBBtail');
    expect(first?.checksum).toBe(checksumOf(Buffer.from('BBBB')));
    await close();
  });

  it('takes a part back of which only the beginning is replaced', async () => {
    const { root, folder, close } = await open();
    const files = partFiles(folder, SECRET, root);
    await files.begin(upload());
    await files.receive(part(1, 'good'));
    async function* broken() {
      yield Buffer.from('ba');
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    }
    const other = { ...part(1, 'bad!'), body: broken() };
    await expect(files.receive(other)).rejects.toMatchObject({ code: 'busy', message: /line broke while part 1/ });
    expect(await files.parts({ ...upload(), reference: 'one' })).toEqual([]);
    await close();
  });

  it('refuses a file for which the disk has no room, before a byte of it is sent', async () => {
    const { store, close } = await open();
    const huge = { ...upload(), plan: { bytes: 2 ** 60, partBytes: 2 ** 50, parts: 1024 } };
    await expect(store.begin(huge)).rejects.toMatchObject({ code: 'disk-full', message: /make room first$/ });
    await close();
  });
});
