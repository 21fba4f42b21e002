import { chmod, open, rm, stat, utimes } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import type { Ports } from '../../core/ports/ports.ts';
import { clip } from '../fixtures/make.ts';
import { QUICK, testMill } from '../support/mill.ts';

const settings = { ...QUICK, evenIfLarger: 'true' };

/** Flips a byte in the middle of a file, and sets its date back. */
async function changeInPlace(path: string): Promise<void> {
  const { size, atime, mtime } = await stat(path);
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, Math.floor(size / 2));
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, Math.floor(size / 2));
  await file.close();
  await utimes(path, atime, mtime);
}

/** Runs a film whose file is touched while its pieces are joined. */
async function touchedMeanwhile(touch: (path: string) => Promise<void>) {
  let source = '';
  const between = ({ maker }: Ports): Partial<Ports> => ({
    maker: {
      ...maker,
      join: async (plan, options) => {
        const joined = await maker.join(plan, options);
        await touch(source);
        return joined;
      },
    },
  });
  const mill = await testMill({ between });
  source = await mill.own(await clip('cfr'));
  return (await mill.run(source, 'preserve', settings)).outcome;
}

it.each([
  { how: 'whose bytes change meanwhile, also where its date is set back', touch: changeInPlace },
  { how: 'that is removed meanwhile', touch: (path: string) => rm(path) },
])('publishes nothing of a source $how', async ({ touch }) => {
  expect(await touchedMeanwhile(touch)).toMatchObject({
    ...{ status: 'failed', code: 'busy', exitCode: 75 },
    reason: expect.stringContaining('changed while it was being read'),
  });
});

it('publishes a film whose file changes in its permissions alone', async () => {
  expect(await touchedMeanwhile((path) => chmod(path, 0o600))).toMatchObject({ status: 'done' });
});
