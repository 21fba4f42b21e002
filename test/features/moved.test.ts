import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clip.ts';
import { manifestAt, QUICK, reelmill, runReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const encoded = (events: readonly Readonly<Record<string, unknown>>[]) =>
  events.filter(({ type, reused }) => type === 'segment.done' && reused !== true).length;

describe('a film that was moved', () => {
  it('to another folder and name is known by run', async () => {
    const root = await temporaryFolder();
    const [old, now] = [join(root, 'a', 'film.mp4'), join(root, 'b', 'c', 'renamed.mp4')];
    await makeClip(old, { seconds: 1 });
    const asked = { out: join(root, 'out'), set: [...QUICK, '--set', 'evenIfLarger=true'] };
    await runReelmill(old, asked);
    await mkdir(dirname(now), { recursive: true });
    await rename(old, now);
    const places = ['--out', asked.out, '--work', join(asked.out, '.reelmill', 'work')];
    const planned = await reelmill(['plan', '--json', '--recipe', 'preserve', ...places, ...asked.set, now]);
    expect(planned.last).toMatchObject({
      type: 'plan',
      renditions: [{ action: 'take', why: expect.stringContaining('film.mp4') }],
    });
    const { manifest, events, stderr } = await runReelmill(now, asked);
    expect(manifest.taken).toMatchObject({ how: 'moved', from: 'film.mp4' });
    expect(encoded(events)).toBe(0);
    expect(stderr).toContain('the file was film.mp4 before: its results move along, nothing is encoded');
    expect(await readdir(join(root, 'out', 'preserve', 'film.mp4'))).toEqual([]);
  });

  it('in a watched folder is known by watch', async () => {
    const root = await temporaryFolder();
    const input = (name: string) => join(root, 'input', 'preserve', name);
    await makeClip(input('2019/film.mp4'), { seconds: 1 });
    await writeFile(
      join(root, 'recipes.json'),
      JSON.stringify({ recipes: { quick: { extends: 'preserve', settings: { preset: 'ultrafast' } } } }),
    );
    const quick = (name: string) => join(root, 'input', 'quick', name);
    await mkdir(quick('2019'), { recursive: true });
    await rename(input('2019/film.mp4'), quick('2019/film.mp4'));
    const watch = () => reelmill(['watch', '--json', '--once', root]);
    expect((await watch()).code).toBe(0);
    await mkdir(quick('summer'));
    await rename(quick('2019/film.mp4'), quick('summer/day.mp4'));
    const second = await watch();
    expect(second.code).toBe(0);
    expect(encoded(second.events)).toBe(0);
    expect(second.last).toMatchObject({ type: 'job.done', status: 'done' });
    expect((await manifestAt(String(second.last?.manifest))).taken).toMatchObject({
      how: 'moved',
      from: 'input/quick/2019/film.mp4',
    });
  });
});
