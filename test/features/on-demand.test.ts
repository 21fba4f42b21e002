import { stat } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const clip = (tone: number) => ({
  file: 'film.mp4',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=128x96:rate=25:duration=0.4', '-f', 'lavfi'],
    ...['-i', `sine=frequency=${tone}:duration=0.4`, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  ],
});
const [, , hd, sd] = ladder.renditions;
const two = {
  ...ladder,
  renditions: [
    { ...hd, parent: 'source', fit: { shortSide: 96 } },
    { ...sd, fit: { halfPerimeter: 112 } },
  ],
};
const settings = { preset: 'ultrafast', from: 'parent', onDemandBelow: 50 };

describe('renditions that are wanted too little', () => {
  let mill: TestMill;
  let film: string;
  beforeEach(async () => {
    mill = await testMill();
    film = await mill.own(await makeClip(clip(440)));
  });

  it('are planned and left, until one is used: then it is made, and what it is made from', async () => {
    const first = await mill.run(film, two, settings);
    expect(first.outcome).toMatchObject({ status: 'done' });
    expect(await first.manifest()).toMatchObject({
      renditions: [],
      deferred: [
        { name: 'hd', parent: 'source', priority: 0 },
        { name: 'sd', parent: 'hd', priority: 0 },
      ],
    });
    expect((await mill.run(film, two, settings)).outcome).toMatchObject({ status: 'unchanged' });

    await mill.use(two, film, 'hd');
    const second = await mill.run(film, two, settings);
    expect(second.made()).toEqual(['hd']);
    expect(await second.manifest()).toMatchObject({ renditions: [{ name: 'hd' }], deferred: [{ name: 'sd' }] });

    await mill.use(two, film, 'sd');
    const third = await mill.run(film, two, settings);
    expect(third.made()).toEqual(['sd']);
    const manifest = await third.manifest();
    expect(manifest.renditions.map(({ name }) => name)).toEqual(['hd', 'sd']);
    expect(manifest.deferred).toBeUndefined();
    expect(manifest.thumbnails?.parent).toBe('sd');
  });

  it('are made where somebody asks for them by name, however little they are wanted', async () => {
    await mill.run(film, two, { ...settings, onDemandBelow: 5000 });
    const asked = await mill.run(film, two, { ...settings, onDemandBelow: 5000 }, { asked: ['hd'] });
    expect(asked.made()).toEqual(['hd']);
    expect((await mill.run(film, two, { ...settings, onDemandBelow: 5000 })).outcome).toMatchObject({
      status: 'unchanged',
    });
  });

  it('are made when the limit is taken away, and nothing that is there is made again for it', async () => {
    await mill.use(two, film, 'hd');
    await mill.run(film, two, settings);
    expect((await mill.run(film, two, { ...settings, onDemandBelow: 0 })).made()).toEqual(['sd']);
    expect((await mill.run(film, two, settings)).outcome).toMatchObject({ status: 'unchanged' });
  });

  it('go, where their source changed and nobody uses them any more', async () => {
    await mill.run(film, two, { ...settings, onDemandBelow: 0 });
    await mill.own(await makeClip(clip(880)));
    const changed = await mill.run(film, two, settings);
    expect(await changed.manifest()).toMatchObject({ renditions: [], deferred: [{ name: 'hd' }, { name: 'sd' }] });
    await expect(stat(changed.path('hd.mp4'))).rejects.toThrow();
  });
});
