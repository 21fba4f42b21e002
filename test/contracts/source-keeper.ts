import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import type { SourceKeeper } from '../../core/ports/source-keeper.ts';
import { sumOf } from '../support/s3-with-sums.ts';
import { HARD_NAMES } from './object-store.ts';

export type OpenKeeper = () => Promise<{
  readonly keeper: SourceKeeper;
  readonly sources: ObjectStore;
  readonly outputs: ObjectStore;
}>;

const { signal } = new AbortController();
const KEY = 'output/preserve/film.mov/source/film.mov';

/** What every keeper of sources does. */
export function sourceKeeperContract(open: OpenKeeper): void {
  const sumsOf = async (text: string) => {
    const bytes = Buffer.from(text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { bytes: bytes.length, sha256, crc64nvme: await sumOf(bytes) };
  };
  const opened = async (text: string, source = 'input/film.mov') => {
    const { keeper, sources, outputs } = await open();
    await sources.write(source, text, 'video/mp4');
    const keep = async (of: string, key = KEY, storageClass = 'STANDARD') =>
      keeper.keep({ source, key, sums: await sumsOf(of), storageClass }, signal);
    const publish = async (of: string, key = KEY) =>
      keeper.publish({ source, key, sums: await sumsOf(of), contentType: 'video/quicktime' }, signal);
    const textAt = async (key: string) => Buffer.from((await outputs.read(key)) ?? []).toString();
    return { keep, publish, textAt, sources, outputs, source };
  };

  it('copies the bytes, and a later change of the source does not change the copy', async () => {
    const { keep, textAt, sources, source } = await opened('the film');
    expect(await keep('the film')).toBeDefined();
    await sources.write(source, 'another', 'video/mp4');
    expect(await textAt(KEY)).toBe('the film');
  });

  it('copies nothing where the bytes lie already', async () => {
    const { keep, outputs } = await opened('the film');
    await keep('the film');
    const before = await outputs.head(KEY);
    expect(await keep('the film')).toBeDefined();
    expect(await outputs.head(KEY)).toEqual(before);
  });

  it('never replaces other bytes', async () => {
    const { keep, textAt, outputs } = await opened('the film');
    await outputs.write(KEY, 'kept before', 'video/mp4');
    expect(await keep('the film')).toBeUndefined();
    expect(await textAt(KEY)).toBe('kept before');
  });

  it('leaves no copy of a source that is not what the results were made of', async () => {
    const { keep, outputs } = await opened('changed meanwhile');
    await expect(keep('what was read')).rejects.toMatchObject({ code: 'busy' });
    expect(await outputs.head(KEY)).toBeUndefined();
  });

  it('says that there is no source', async () => {
    const { keep, sources, source } = await opened('the film');
    await sources.remove(source);
    await expect(keep('the film')).rejects.toMatchObject({ code: 'no-input' });
  });

  it.each(HARD_NAMES.filter(({ what }) => what !== 'a newline and a tab'))(
    'copies a name with $what',
    async ({ name }) => {
      const { keep, textAt } = await opened('the film', `input/${name}`);
      expect(await keep('the film', `output/source/${name}`)).toBeDefined();
      expect(await textAt(`output/source/${name}`)).toBe('the film');
    },
  );

  it('publishes the bytes in place of what has the key, and a later change of the source does not change them', async () => {
    const { publish, textAt, sources, outputs, source } = await opened('the film');
    await outputs.write(KEY, 'published before', 'video/mp4');
    await publish('the film');
    await sources.write(source, 'another', 'video/mp4');
    expect(await textAt(KEY)).toBe('the film');
  });

  it('publishes nothing of a source that is not what was read, or that is gone', async () => {
    const { publish, sources, outputs, source } = await opened('changed meanwhile');
    await expect(publish('what was read')).rejects.toMatchObject({ code: 'busy' });
    await sources.remove(source);
    await expect(publish('changed meanwhile')).rejects.toMatchObject({ code: 'no-input' });
    expect(await outputs.head(KEY)).toBeUndefined();
  });

  it('publishes a name that is hard to write', async () => {
    const { publish, textAt } = await opened('the film', 'input/a+b %2F \u{1f3ac}.mov');
    await publish('the film', 'output/a+b %2F \u{1f3ac}.mov');
    expect(await textAt('output/a+b %2F \u{1f3ac}.mov')).toBe('the film');
  });
}
