import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { replaceInPlace } from '../../adapters/local/originals-folder.ts';
import { displayWidth } from '../../cli/terminal/display-width.ts';
import { tinyFilm } from '../fixtures/tiny-film.ts';
import { sha256 } from '../support/hash.ts';
import { runOf, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LONG = `${'a folder of a long name '.repeat(4)}映${'画'.repeat(30)}`;

const told = async (args: readonly string[]) => {
  const { stdout, stderr } = await startReelmill(args, { under: ['env', 'COLUMNS=80'] }).ended;
  return `${stdout}${stderr}`;
};
const tooWide = (text: string) => text.split('\n').filter((line) => displayWidth(line) > 80);

/** The help of a command, and of all below it that it lists. */
async function helpBelow(names: readonly string[] = []): Promise<readonly string[]> {
  const help = await told([...names, '--help']);
  const [, list = ''] = /\nCommands:\n((?: {2}.*\n)+)/.exec(help) ?? [];
  const inner = [...list.matchAll(/^ {2}([a-z][\w-]*)/gm)].flatMap(([, name = '']) => (name === 'help' ? [] : [name]));
  return [help, ...(await Promise.all(inner.map((name) => helpBelow([...names, name])))).flat()];
}

describe('in 80 columns', () => {
  let root: string;
  beforeAll(async () => {
    root = join(await temporaryFolder(), LONG);
    await mkdir(root);
    const broken = join(root, `${LONG}.mp4`);
    await writeFile(broken, 'This is not a video.');
    await startReelmill(runOf([broken], { out: join(root, 'out') })).ended;
    const { size: bytes, mtimeMs: modifiedMs } = await stat(broken);
    const was = { bytes, modifiedMs, sha256: await sha256(broken) };
    await writeFile(join(root, 'new'), 'new');
    const place = { root, signal: new AbortController().signal, hash: sha256 };
    const film = { source: `${LONG}.mp4`, film: `${LONG}.mp4`, file: join(root, 'new') };
    const is = { bytes: 3, sha256: await sha256(film.file) };
    const manifest = { key: '.reelmill/manifest.json', text: '{}' };
    await replaceInPlace({ job: '0'.repeat(32), ...film, was, is, manifest }, place);
    await writeFile(broken, 'This is not a video.');
  });

  it('every help can be read', async () => {
    const all = await helpBelow();
    expect(all.length).toBeGreaterThan(25);
    expect(all.flatMap(tooWide)).toEqual([]);
  });

  it('the exit codes stand in lines of one indent', async () => {
    expect(await told(['--help'])).toMatch(/\nExit codes:\n( {2}\S.*\n){2}$/);
  });

  it.each([
    { what: 'the machine', args: () => ['doctor'], shows: 'libx265' },
    { what: 'the jobs of files with long names', args: () => ['jobs', join(root, 'out')], shows: 'failed' },
    { what: 'the recipes', args: () => ['recipes'], shows: 'preserve' },
    {
      what: 'the settings of a recipe',
      args: () => ['run', '--recipe', 'preserve', '--help'],
      shows: 'segmentSeconds',
    },
    { what: 'the plan of a folder', args: () => ['plan', root, '--recipe', 'preserve'], shows: 'would fail' },
    { what: 'the plan of a film', args: async () => ['plan', await tinyFilm(), '--recipe', 'ladder'], shows: 'Spot' },
    { what: 'what was put aside', args: () => ['originals', root], shows: '20 B' },
    { what: 'a question', args: () => ['originals', root, '--delete'], shows: 'deleted for good' },
    {
      what: 'a question before films are replaced',
      args: () => ['run', root, '--recipe', 'preserve', '--replace'],
      shows: 'replaced by',
    },
    {
      what: 'a wrong option',
      args: () => ['run', '--no-such-option-of-a-name-that-is-longer-than-all-others-that-there-are'],
      shows: 'unknown',
    },
  ])('$what can be read', async ({ args, shows }) => {
    const text = await told(await args());
    expect(text.replace(/\s+/g, ' ')).toContain(shows);
    expect(tooWide(text)).toEqual([]);
  });
});
