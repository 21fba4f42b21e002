import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clip.ts';
import { manifestAt, QUICK, reelmill, runOf } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SRT = '1\n00:00:00,100 --> 00:00:00,900\nGood evening\n';
const LITTER = ['film.thm', 'film.LRV', 'film.xmp', '.DS_Store', 'Thumbs.db', '._film.mp4', '@eaDir/film.mp4/S.jpg'];
const SETTINGS = { settings: { preset: 'ultrafast', segmentSeconds: '1', evenIfLarger: true } };

describe('what lies beside films', () => {
  let root: string;
  const input = (name: string) => join(root, 'input', 'preserve', name);
  const lay = async (name: string, text: string) => {
    await mkdir(dirname(input(name)), { recursive: true });
    await writeFile(input(name), text);
  };
  const watch = () => reelmill(['watch', '--json', '--once', root]);

  beforeEach(async () => {
    root = await temporaryFolder();
    await makeClip(input('film.mp4'), { seconds: 1 });
    await lay('film.mp4.reelmill.json', JSON.stringify(SETTINGS));
    for (const name of LITTER) await lay(name, 'no film');
  });

  it('is passed over by watch, and a subtitle that comes later is joined to its film with nothing encoded', async () => {
    await lay('alone.srt', SRT);
    const first = await watch();
    expect(first.code).toBe(0);
    expect(first.events.filter(({ type }) => type === 'job.queued')).toHaveLength(1);
    expect(first.events.some(({ type }) => type === 'job.failed')).toBe(false);
    expect(await readdir(root)).not.toContain('failed');

    await lay('film.eng.srt', SRT);
    const second = await watch();
    expect(second.code).toBe(0);
    expect(second.events.filter(({ type }) => type === 'job.queued')).toHaveLength(1);
    expect(second.events.filter(({ type, reused }) => type === 'segment.done' && reused !== true)).toEqual([]);
    const folder = join(root, 'output', 'preserve', 'film.mp4');
    expect((await readdir(folder)).sort()).toEqual([
      'manifest.json',
      'preserve.eng.srt',
      'preserve.mp4',
      'report.html',
      'report.jpg',
    ]);
    expect((await manifestAt(join(folder, 'manifest.json'))).renditions[0]?.segments).toMatchObject({ encoded: 0 });
    expect((await watch()).last).toMatchObject({ type: 'job.done', status: 'unchanged' });
  });

  it('is passed over by run where it is named beside a film', async () => {
    await lay('film.eng.srt', SRT);
    const files = ['film.eng.srt', 'film.LRV', 'film.mp4', 'film.thm'].map(input);
    const made = await reelmill(
      runOf(files, { out: join(root, 'out'), set: [...QUICK, '--set', 'evenIfLarger=true'] }),
    );
    expect(made.code).toBe(0);
    expect(made.events.filter(({ type }) => type === 'job.queued')).toHaveLength(1);
    expect(made.stderr).toContain('film.LRV is not a film');
    expect(await readdir(join(root, 'out', 'preserve', 'film.mp4'))).toContain('preserve.eng.srt');
  });
});
