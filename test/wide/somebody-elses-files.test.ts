import { copyFile, mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clip.ts';
import { type ReelmillOptions, reelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('what somebody else put among results', () => {
  let root: string;
  let films: string;
  let out: string;
  const set = ['--set', 'preset=ultrafast', '--set', 'evenIfLarger=true'];
  const run = (more: readonly string[] = [], to = out, options: ReelmillOptions = {}) =>
    reelmill(['run', films, '--recipe', 'preserve', '--out', to, '--json', ...set, ...more], options);
  const warnings = ({ events }: Awaited<ReturnType<typeof reelmill>>) =>
    events.filter(({ type }) => type === 'warning').map(({ message }) => message);

  beforeEach(async () => {
    root = await temporaryFolder();
    [films, out] = [join(root, 'films'), join(root, 'out')];
    await makeClip(join(films, 'a.mp4'), { seconds: 1, size: '64x48' });
  });

  it('is kept aside, and told, when a result comes back to its name or leaves it', async () => {
    await run();
    const own = join(root, 'own.mp4');
    await makeClip(own, { seconds: 1, size: '32x32' });
    await copyFile(own, join(out, 'a.mp4'));
    const again = await run();
    expect(again.code).toBe(0);
    const [told = ''] = warnings(again);
    expect(told).toMatch(/^a\.mp4 was changed after it was published; it is kept as /);
    const kept = String(told).replace(/^.* it is kept as /, '');
    expect((await readFile(kept)).equals(await readFile(own))).toBe(true);
    await writeFile(join(out, 'a.mp4'), 'my own note');
    const elsewhere = await run(['--set', 'container=mkv']);
    const [where = ''] = warnings(elsewhere);
    expect(await readFile(String(where).replace(/^.* it is kept as /, ''), 'utf8')).toBe('my own note');
  });

  it('is never replaced by a file that is carried along, however often', async () => {
    await writeFile(join(films, 'readme.txt'), 'of the films');
    await mkdir(out);
    await writeFile(join(out, 'readme.txt'), 'mine');
    for (let i = 0; i < 2; i++) {
      expect((await run(['--others', 'copy'])).code).toBe(73);
      expect(await readFile(join(out, 'readme.txt'), 'utf8')).toBe('mine');
    }
    await writeFile(join(films, 'list.txt'), 'of the films');
    await run(['--others', 'copy']);
    await writeFile(join(out, 'list.txt'), 'edited');
    expect((await run(['--others', 'copy'])).code).toBe(73);
    expect(await readFile(join(out, 'list.txt'), 'utf8')).toBe('edited');
    const later = new Date(Date.now() + 60_000);
    await writeFile(join(films, 'list.txt'), 'newer than what was edited');
    await utimes(join(films, 'list.txt'), later, later);
    expect((await run(['--others', 'copy'])).code).toBe(73);
    expect(await readFile(join(out, 'list.txt'), 'utf8')).toBe('edited');
  });

  it('may have the name of a subtitle, which lies with the manifest then', async () => {
    const text = '1\n00:00:00,000 --> 00:00:00,900\nHello\n';
    await writeFile(join(films, 'a.eng.srt'), text);
    await mkdir(out);
    await writeFile(join(out, 'a.eng.srt'), 'mine');
    for (const status of ['done', 'unchanged']) {
      const again = await run();
      expect({ code: again.code, status: again.last?.status }).toEqual({ code: 0, status });
      expect(warnings(again).filter((each) => /^a\.eng\.srt was not made by this job/.test(String(each)))).toHaveLength(
        status === 'done' ? 1 : 0,
      );
    }
    expect(await readFile(join(out, 'a.eng.srt'), 'utf8')).toBe('mine');
    expect(await readFile(join(out, '.reelmill/preserve/a.mp4/preserve.eng.srt'), 'utf8')).toBe(text);
    await copyFile(join(films, 'a.mp4'), join(films, 'b.mp4')); // what was made of the same bytes is taken over
    await writeFile(join(films, 'b.eng.srt'), text);
    await writeFile(join(out, 'b.eng.srt'), 'mine too');
    expect((await run()).code).toBe(0);
    expect(await readFile(join(out, 'b.eng.srt'), 'utf8')).toBe('mine too');
  });

  it('is no work folder', async () => {
    const other = join(root, 'other');
    await mkdir(join(other, 'letters'), { recursive: true });
    expect(await run(['--work', other])).toMatchObject({
      code: 64,
      last: { reason: `${other} holds other things, as "letters"; give --work a folder of its own` },
    });
  });

  it('is no work folder either, if it is a file', async () => {
    const file = join(root, 'file');
    await writeFile(file, 'a letter');
    expect(await run(['--work', file])).toMatchObject({
      code: 64,
      last: { reason: `${file} is a file; give --work a folder of its own` },
    });
    expect(await readFile(file, 'utf8')).toBe('a letter');
  });

  it('may be a link to the folder of results, at whatever depth that lies', async () => {
    await mkdir(join(root, 'a/b/c'), { recursive: true });
    await symlink('a/b/c', join(root, 'link'));
    expect(await run([], join(root, 'link'))).toMatchObject({ code: 0, last: { status: 'done' } });
    expect((await readFile(join(root, 'a/b/c/a.mp4'))).length).toBeGreaterThan(0);
  });
});
