import { execFile } from 'node:child_process';
import { readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { type Event, runReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const PHONE = 'demo/clips/VID_20191220_170832.mp4';
const ALL = ['4k', '1440p', 'hd', 'sd'];

const made = (events: readonly Event[]) =>
  events.flatMap(({ type, name }) => (type === 'rendition.done' ? [String(name)] : []));
const encoded = (events: readonly Event[]) => [
  ...new Set(events.flatMap(({ type, reused, rendition }) => (type === 'segment.done' && !reused ? [rendition] : []))),
];

describe('a real clip whose ladder is there, by the command', () => {
  let source: string;
  let folder: string;
  let again: () => ReturnType<typeof runReelmill>;

  beforeAll(async () => {
    const root = await temporaryFolder();
    source = join(root, 'phone.mp4');
    // larger than 1440p on its short side, so that there are all four rungs
    const square = ['-t', '0.15', '-vf', 'crop=1080:1080,scale=1442:1442'];
    const larger = [...square, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'copy'];
    await ffmpeg(['-i', PHONE, ...larger, source]);
    const out = join(root, 'out');
    again = () => runReelmill(source, { out, recipe: 'ladder', set: ['--set', 'preset=ultrafast'] });
    const first = await again();
    folder = first.folder;
    expect(made(first.events)).toEqual(ALL);
  });

  const ffmpeg = (args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);

  async function replaced(path: string, args: readonly string[]): Promise<void> {
    await ffmpeg(['-i', path, ...args, `${path}.new.mp4`]);
    await rename(`${path}.new.mp4`, path);
  }

  const tweak = (name: string, degrees: number) => {
    const codec = /4k|1440p/.test(name)
      ? ['libx265', '-x265-params', 'log-level=error', '-tag:v', 'hvc1']
      : ['libx264', '-profile:v', 'baseline'];
    const args = ['-vf', `hue=h=${degrees}`, '-c:v', ...codec, '-preset', 'ultrafast', '-c:a', 'copy'];
    return replaced(join(folder, `${name}.mp4`), args);
  };

  /** One after the other, as a library lives; each finds what those before it left. */
  const CHANGES: readonly {
    readonly change: string;
    readonly makes: readonly string[];
    readonly thumbnails: boolean;
    readonly encodes?: readonly string[];
    make(): Promise<unknown>;
  }[] = [
    { change: 'nothing', makes: [], thumbnails: false, make: async () => {} },
    {
      change: 'the time of the source',
      ...{ makes: [], thumbnails: false },
      make: () => utimes(source, new Date(), new Date()),
    },
    {
      change: 'title and description of the source',
      // its first rung is joined out of the pieces there are, and comes out as it was
      ...{ makes: ['4k'], encodes: [], thumbnails: false },
      make: () => replaced(source, ['-c', 'copy', '-metadata', 'title=Skyline', '-metadata', 'comment=At dusk']),
    },
    { change: 'the SD by hand', makes: [], thumbnails: true, make: () => tweak('sd', 20) },
    { change: 'the HD by hand', makes: ['sd'], thumbnails: true, make: () => tweak('hd', 40) },
    { change: 'the 1440p by hand', makes: ['hd', 'sd'], thumbnails: true, make: () => tweak('1440p', 60) },
    { change: 'the 4K by hand', makes: ['1440p', 'hd', 'sd'], thumbnails: true, make: () => tweak('4k', 80) },
    {
      change: 'the poster by hand',
      ...{ makes: [], thumbnails: false },
      make: async () => writeFile(join(folder, 'poster.jpg'), await aPicture()),
    },
    {
      change: 'the source itself',
      ...{ makes: ALL, thumbnails: true },
      make: () => replaced(source, ['-vf', 'hflip', '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'copy']),
    },
  ];

  it.each(CHANGES)(
    'makes $makes and leaves the rest to the byte after a change of $change',
    async ({ makes, thumbnails, encodes = makes, make }) => {
      await make();
      const before = new Map(await Promise.all(ALL.map(async (name) => [name, await bytesOf(name)] as const)));
      const sprite = await spriteNow();
      const { events, manifest } = await again();
      expect(made(events)).toEqual(makes);
      expect(encoded(events)).toEqual(encodes);
      expect(!sprite.equals(await spriteNow())).toBe(thumbnails);
      const kept = await Promise.all(ALL.map(async (name) => before.get(name)?.equals(await bytesOf(name))));
      expect(ALL.filter((_, i) => !kept[i])).toEqual(encodes);
      expect(manifest.renditions.flatMap(({ checks }) => checks.filter(({ passed }) => !passed))).toEqual([]);
    },
  );

  it('makes nothing after all of them', async () => {
    expect((await again()).last).toMatchObject({ status: 'unchanged' });
  });

  const bytesOf = (name: string) => readFile(join(folder, `${name}.mp4`));
  const spriteNow = () => readFile(join(folder, 'sprite.jpg'));
});

const aPicture = () =>
  sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
