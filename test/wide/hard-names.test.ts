import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HARD_NAMES } from '../fixtures/hard-names.ts';
import { makeClip } from '../fixtures/make.ts';
import { manifestAt, QUICK, reelmill, runOf } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LARGER = [...QUICK, '--set', 'evenIfLarger=true'];
const NAMES = [...HARD_NAMES, 'ü-composed.mp4'.normalize('NFC'), 'ü-composed.mp4'.normalize('NFD')];

const one = () =>
  makeClip({
    file: 'one.mp4',
    args: ['-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=25:duration=0.12', '-c:v', 'libx264', '-threads', '1'],
  });

describe('files of hard names', () => {
  it('each become what they should, in a folder of that very name', async () => {
    const [out, folder] = [await temporaryFolder(), await temporaryFolder()];
    for (const name of NAMES) await copyFile(await one(), join(folder, name));
    const files = NAMES.map((name) => join(folder, name));
    const { code, events } = await reelmill(runOf(files, { out, set: LARGER }));
    const failed = events.filter(({ type }) => type === 'job.failed').map(({ reason }) => reason);
    expect({ code, failed }).toEqual({ code: 0, failed: [] });
    // two names that differ in their Unicode form alone are one name on some systems, and are told apart
    const folders = await readdir(join(out, 'preserve'));
    expect(folders.map((name) => name.replace(/~[0-9a-f]{8}$/, '')).sort()).toEqual([...NAMES].sort());
    expect(folders.filter((name) => /~[0-9a-f]{8}$/.test(name))).toHaveLength(1);
    for (const name of folders) {
      const manifest = await manifestAt(join(out, 'preserve', name, 'manifest.json'));
      expect(manifest.source.path).toBe(name.replace(/~[0-9a-f]{8}$/, ''));
    }
  });

  it('may be given without a folder, a dash in front', async () => {
    const [out, folder] = [await temporaryFolder(), await temporaryFolder()];
    await copyFile(await one(), join(folder, '-leading-dash.mp4'));
    const { code, last } = await reelmill(runOf(['-leading-dash.mp4'], { out, set: LARGER }), { cwd: folder });
    expect({ code, status: last?.status }).toEqual({ code: 0, status: 'done' });
  });

  it.each(['two words', `it's "quoted"`, 'line\nbreak', 'ünïcödé-日本語-🎬', '%d', 'a:b', 'back\\slash', '-dash'])(
    'as the folder of sources, of results and of work: %j',
    async (name) => {
      const root = join(await temporaryFolder(), name);
      await mkdir(root, { recursive: true });
      const source = join(root, 'clip.mp4');
      await copyFile(await one(), source);
      const { code, last, stderr } = await reelmill(
        runOf([basename(source)], { out: join(root, 'out'), set: LARGER }),
        {
          cwd: root,
        },
      );
      expect({ code, status: last?.status, stderr }).toMatchObject({ code: 0, status: 'done' });
    },
  );
});
