import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Manifest, manifestSchema } from '../core/job/manifest.ts';
import type { Measurement, Options, ResultRow } from './measurement.ts';
import { pad, secondsToHash } from './padding.ts';
import { CLI, cacheFolder, ffmpeg, mustRun } from './run.ts';

const SIZE = '2576x1450';

/** What a change leaves to be done in a library, by what was encoded and made in the run after it. */
export const library: Measurement = {
  name: 'library',
  about: `A library of 20 videos under \`ladder\` (0.2 s of ${SIZE} each, so all four rungs; preset ultrafast; a free box of 96 MB of noise behind each, as films are large), then the seed's three scenarios and a replaced SD. Work is million pixels encoded, counted from the events of each run; hashing is SHA-256 by Node in another process.`,
  async measure(options) {
    const folder = await mkdtemp(join(await cacheFolder(), 'library-'));
    try {
      return await inFolder(folder, options);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function inFolder(folder: string, options: Options): Promise<readonly ResultRow[]> {
  const count = options.quick ? 2 : 20;
  const videos: string[] = [];
  for (let i = 0; i < count; i++) videos.push(await video(folder, i, options));
  const all = await mill(videos, folder);
  const rows: ResultRow[] = [{ what: `all ${count} made`, found: say(all) }];

  let hashing = 0;
  for (const each of videos) hashing += await secondsToHash(each);
  const none = await mill(videos, folder);
  const one = await mill(videos.slice(0, 1), folder);
  rows.push({
    what: `${count} unchanged: the run / hashing them`,
    goal: 'at most 1.00',
    found: `${(none.seconds / hashing).toFixed(2)} (${none.seconds.toFixed(2)} s / ${hashing.toFixed(2)} s; ${say(none)}; one alone ${one.seconds.toFixed(2)} s)`,
    met: none.seconds <= hashing,
  });

  const [first = '', second = ''] = videos;
  for (const each of videos) await remade(each, ['-c', 'copy', '-metadata', 'title=Another']);
  rows.push(avoided(`1: title and description of all ${count} changed`, await mill(videos, folder), all));

  await remade(first, ['-vf', 'negate', ...H264]);
  const replaced = await mill(videos, folder);
  rows.push(avoided(`2: one source of ${count} replaced`, replaced, all));

  const { renditions } = await manifestOf(second, folder);
  const top = renditions[0]?.path ?? '';
  await remade(rung(second, folder, top), [
    '-vf',
    'hue=h=40',
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-tag:v',
    'hvc1',
  ]);
  rows.push(avoided(`3: ${top} of one of ${count} replaced by hand`, await mill(videos, folder), all));

  await remade(rung(second, folder, 'sd.mp4'), ['-vf', 'hue=h=40', ...H264]);
  const thumbnails = await mill([second], folder);
  rows.push({
    what: 'sd.mp4 replaced by hand, its video alone',
    goal: 'under 2 s',
    found: `${thumbnails.seconds.toFixed(2)} s (${say(thumbnails)}, and the thumbnails)`,
    met: thumbnails.seconds < 2 && thumbnails.made === 0,
  });
  return rows;
}

const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];

async function video(folder: string, i: number, { quick }: Options): Promise<string> {
  const path = join(folder, `video-${i}.mp4`);
  const source = `testsrc2=size=${quick ? '320x180' : SIZE}:rate=25:duration=0.2,hue=h=${18 * i}`;
  await ffmpeg('-f', 'lavfi', '-i', source, ...H264, path);
  await pad(path, quick ? 2 : 96);
  return path;
}

/** The file made anew from itself, with the noise behind it. */
async function remade(path: string, args: readonly string[]): Promise<void> {
  const draft = `${path}.draft.mp4`;
  await ffmpeg('-i', path, ...args, draft);
  if (basename(path).startsWith('video-')) await pad(draft, 96);
  await rename(draft, path);
}

const rung = (source: string, folder: string, path: string) => join(folder, 'out', 'ladder', basename(source), path);

async function manifestOf(source: string, folder: string): Promise<Manifest> {
  return manifestSchema.parse(JSON.parse(await readFile(rung(source, folder, 'manifest.json'), 'utf8')));
}

type LibraryRun = { readonly seconds: number; readonly made: number; readonly megapixels: number };

/** One run of the command over these files, and what it encoded and made. */
async function mill(videos: readonly string[], folder: string): Promise<LibraryRun> {
  const args = [
    'run',
    ...videos,
    '--recipe',
    'ladder',
    '--out',
    join(folder, 'out'),
    '--json',
    '--set',
    'preset=ultrafast',
  ];
  const { seconds, stdout } = await mustRun(process.execPath, [CLI, ...args]);
  const sizes = new Map((await manifestOf(videos[0] ?? '', folder)).renditions.map((each) => [each.name, each]));
  let [made, pixels] = [0, 0];
  for (const line of stdout.split('\n').filter(Boolean)) {
    const event = JSON.parse(line);
    if (event.type === 'rendition.done') made++;
    if (event.type !== 'segment.done' || event.reused) continue;
    const { width = 0, height = 0 } = sizes.get(event.rendition) ?? {};
    pixels += event.frames * width * height;
  }
  return { seconds, made, megapixels: pixels / 1e6 };
}

const say = ({ seconds, made, megapixels }: LibraryRun) =>
  `${made} renditions made, ${megapixels.toFixed(0)} Mpx encoded, ${seconds.toFixed(1)} s`;

function avoided(what: string, run: LibraryRun, all: LibraryRun): ResultRow {
  const share = 100 * (1 - run.megapixels / all.megapixels);
  const time = 100 * (1 - run.seconds / all.seconds);
  return {
    what,
    found: `${share.toFixed(1)} % of the encoding and ${time.toFixed(1)} % of the time avoided: ${say(run)}`,
  };
}
