import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { LookedOnce } from '../../../core/ports/measurer.ts';
import type { Ports } from '../../../core/ports/ports.ts';
import { fileOf, makeClip } from '../../fixtures/make.ts';
import { type Milled, QUICK, testMill } from '../../support/mill.ts';

const SMALL = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25:duration=2'];
const LARGER = ['-f', 'lavfi', '-i', 'testsrc2=size=352x192:rate=25:duration=2'];
const LARGE = ['-f', 'lavfi', '-i', 'testsrc2=size=720x480:rate=25:duration=2'];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p'];
const MPEG4 = ['-c:v', 'mpeg4', '-g', '25'];

type Seen = {
  readonly milled: Milled;
  readonly asked: readonly string[];
  readonly looked: readonly (LookedOnce | undefined)[];
};

/** A run that writes down which questions were asked of the finished file, and what the first of them answered. */
async function run(source: string, { alone = false, join }: { alone?: boolean; join?: Join } = {}): Promise<Seen> {
  const asked: string[] = [];
  const looked: (LookedOnce | undefined)[] = [];
  const between = ({ measurer, maker }: Ports): Partial<Ports> => ({
    measurer: {
      ...measurer,
      lookOnce: async (...given) => {
        const found = alone ? undefined : await measurer.lookOnce(...given);
        looked.push(found);
        return found;
      },
      decodeFully: (...given) => {
        asked.push('decodeFully');
        return measurer.decodeFully(...given);
      },
      measureQuality: (...given) => {
        asked.push('measureQuality');
        return measurer.measureQuality(...given);
      },
    },
    maker: { ...maker, ...(join && { join: join(maker.join) }) },
  });
  const mill = await testMill({ between });
  return { milled: await mill.run(source, 'preserve', { ...QUICK, evenIfLarger: 'true' }), asked, looked };
}

type Join = (join: Ports['maker']['join']) => Ports['maker']['join'];

const found = async ({ milled }: Seen) => {
  const [{ quality, checks } = never()] = (await milled.manifest()).renditions;
  return { quality, checks };
};

function never(): never {
  throw new Error('no rendition was made');
}

const pictures = async ({ milled }: Seen) =>
  [...(await readFile(milled.path('report.html'), 'utf8')).matchAll(/data:image\/jpeg/g)].length;

/** The last sample of the picture has no bytes any more. */
const shortened: Join = (join) => async (plan, options) => {
  const joined = await join(plan, options);
  await spoil(plan.output, (bytes) => {
    const at = bytes.lastIndexOf('stsz');
    const count = bytes.readUInt32BE(at + 12);
    bytes.writeUInt32BE(0, at + 16 + 4 * (count - 1));
  });
  return joined;
};

const broken: Join = (join) => async (plan, options) => {
  const joined = await join(plan, options);
  await spoil(plan.output, (bytes) => {
    const at = bytes.indexOf('mdat') + 4;
    const size = bytes.readUInt32BE(at - 8);
    bytes.fill(0x55, at + Math.floor(size / 3), at + Math.floor(size / 2));
  });
  return joined;
};

async function spoil(path: string, change: (bytes: Buffer) => void): Promise<void> {
  const bytes = await readFile(path);
  change(bytes);
  await writeFile(path, bytes);
}

describe('one decode of source and rendition', () => {
  it.each([
    { what: 'a small film', input: SMALL, hasPairs: true },
    { what: 'a film whose sheet is smaller than itself', input: LARGER, hasPairs: true },
    { what: 'a film with pictures too large to be kept', input: LARGE, hasPairs: false },
  ])('finds of $what what two decodes find, and nothing else is asked', async ({ input, hasPairs }) => {
    const source = await makeClip({ file: 'whole.mp4', args: [...input, ...H264] });
    const [once, twice] = [await run(source), await run(source, { alone: true })];
    expect(once.asked).toEqual([]);
    expect(twice.asked).toEqual(expect.arrayContaining(['decodeFully', 'measureQuality']));
    expect(once.looked.map((each) => each?.pairs !== undefined)).toEqual([hasPairs]);
    expect(await found(once)).toEqual(await found(twice));
    expect(await pictures(once)).toBe(await pictures(twice));
  });

  describe('with a damaged source', () => {
    let once: Seen;

    beforeAll(async () => {
      const bytes = await readFile(await makeClip({ file: 'damaged.avi', args: [...SMALL, ...MPEG4] }));
      for (let at = Math.floor(bytes.length / 2); at < bytes.length / 2 + 300; at++) bytes[at] = (at * 73) & 255;
      once = await run(await fileOf('damaged.avi', bytes));
    });

    it('gives no answer, and each question is asked alone', () => {
      expect(once.looked).toEqual([undefined]);
      expect([...once.asked].sort()).toEqual(['decodeFully', 'measureQuality']);
    });

    it('leaves the result and what is told of it to them', async () => {
      expect(once.milled.outcome).toMatchObject({ status: 'done' });
      expect((await once.milled.manifest()).warnings.join()).toMatch(/damage|decod/);
    });
  });

  it.each([
    { what: 'whose last frame is missing', join: shortened },
    { what: 'with bytes that do not decode', join: broken },
  ])('lets a rendition $what fail as two decodes do', async ({ join }) => {
    const source = await makeClip({ file: 'whole.mp4', args: [...SMALL, ...H264] });
    const [once, twice] = [await run(source, { join }), await run(source, { join, alone: true })];
    expect(once.looked[0]).toBeUndefined();
    expect(once.milled.outcome).toMatchObject({ status: 'failed', code: 'not-exact' });
    expect(once.milled.outcome).toEqual(twice.milled.outcome);
  });
});
