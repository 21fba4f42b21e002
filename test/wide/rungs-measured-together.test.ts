import { describe, expect, it } from '@jest/globals';
import type { QualityTask } from '../../core/ports/measurer.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { makeClip } from '../fixtures/make.ts';
import { type Milled, QUICK, testMill } from '../support/mill.ts';

/** A run that notes how its renditions are measured, each alone where that is asked. */
async function run(source: string, { alone }: { readonly alone: boolean }) {
  const asked: QualityTask[] = [];
  const noted = (task: QualityTask) => {
    asked.push(task);
    return alone ? { ...task, together: undefined } : task;
  };
  const between = ({ measurer }: Ports): Partial<Ports> => ({
    measurer: {
      ...measurer,
      lookOnce: (task, ...given) => measurer.lookOnce(noted(task), ...given),
      measureQuality: (task, ...given) => measurer.measureQuality(noted(task), ...given),
    },
  });
  const mill = await testMill({ between });
  return { milled: await mill.run(source, 'ladder', QUICK), asked };
}

const found = async ({ milled }: { readonly milled: Milled }) =>
  (await milled.manifest()).renditions.map(({ name, quality, checks }) => ({ name, quality, checks }));

describe('the rungs of a ladder', () => {
  it('are measured by one decode of their source, with the scores that each has alone', async () => {
    const input = ['-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=25:duration=2'];
    const source = await makeClip({ file: 'rungs.mp4', args: [...input, '-c:v', 'libx264', '-preset', 'ultrafast'] });
    const together = await run(source, { alone: false });
    expect(together.milled.outcome).toMatchObject({ status: 'done' });
    expect(together.asked.map((task) => task.together?.specs.length)).toEqual([2, 2]);
    const alone = await run(source, { alone: true });
    expect((await found(together)).map(({ name }) => name)).toEqual(['hd', 'sd']);
    expect(await found(together)).toEqual(await found(alone));
  });
});
