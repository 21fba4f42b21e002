import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Manifest, manifestSchema } from '../core/job/manifest.ts';
import type { Measurement, Options, ResultRow } from './measurement.ts';
import { pad, secondsToHash } from './padding.ts';
import { CLI, cacheFolder, ffmpeg, mustRun } from './run.ts';

const SIZE = '2576x1450';

/** Measures what a change in a library leaves to be done, by what the run after it encoded and made. */
export const library: Measurement = {
  name: 'library',
  about: `A library of 20 videos under \`ladder\` (0.2 s of ${SIZE} each, so all four rungs; preset ultrafast; a free box of 96 MB of noise behind each, as films are large), then three changes that the product was asked to handle, and a replaced SD file. Work is in million encoded pixels, counted from the events of each run. Hashing is SHA-256 by Node, outside of the run.`,
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
  const all = await runLadder(videos, folder);
  const rows: ResultRow[] = [{ what: `all ${count} made`, found: summary(all) }];

  let hashing = 0;
  for (const each of videos) hashing += await secondsToHash(each);
  const none = await runLadder(videos, folder);
  const one = await runLadder(videos.slice(0, 1), folder);
  rows.push({
    what: `${count} unchanged: time of the run / time to hash them`,
    goal: 'at most 1.00',
    found: `${(none.seconds / hashing).toFixed(2)} (${none.seconds.toFixed(2)} s / ${hashing.toFixed(2)} s; ${summary(none)}; one alone ${one.seconds.toFixed(2)} s)`,
    met: none.seconds <= hashing,
  });

  const [first = '', second = ''] = videos;
  for (const each of videos) await remake(each, ['-c', 'copy', '-metadata', 'title=Another']);
  rows.push(avoidedRow(`1: title and description of all ${count} changed`, await runLadder(videos, folder), all));

  await remake(first, ['-vf', 'negate', ...H264]);
  const replaced = await runLadder(videos, folder);
  rows.push(avoidedRow(`2: one source of ${count} replaced`, replaced, all));

  const { renditions } = await manifestOf(second, folder);
  const top = renditions[0]?.path ?? '';
  await remake(rung(second, folder, top), [
    ...['-vf', 'hue=h=40', '-c:v', 'libx265', '-preset', 'ultrafast', '-tag:v', 'hvc1'],
  ]);
  rows.push(avoidedRow(`3: ${top} of one of ${count} replaced by hand`, await runLadder(videos, folder), all));

  await remake(rung(second, folder, 'sd.mp4'), ['-vf', 'hue=h=40', ...H264]);
  const thumbnails = await runLadder([second], folder);
  rows.push({
    what: 'sd.mp4 replaced by hand, run on this video alone',
    goal: 'under 2 s',
    found: `${thumbnails.seconds.toFixed(2)} s (${summary(thumbnails)}, and the thumbnails)`,
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

/** Makes a file again from itself, with noise behind it if it is a source. */
async function remake(path: string, args: readonly string[]): Promise<void> {
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

/** Runs the command over these files, and returns what it encoded and made. */
async function runLadder(videos: readonly string[], folder: string): Promise<LibraryRun> {
  const args = [
    'run',
    ...videos,
    ...['--recipe', 'ladder', '--out', join(folder, 'out'), '--json', '--set', 'preset=ultrafast'],
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

const summary = ({ seconds, made, megapixels }: LibraryRun) =>
  `${made} renditions made, ${megapixels.toFixed(0)} Mpx encoded, ${seconds.toFixed(1)} s`;

function avoidedRow(what: string, run: LibraryRun, all: LibraryRun): ResultRow {
  const share = 100 * (1 - run.megapixels / all.megapixels);
  const time = 100 * (1 - run.seconds / all.seconds);
  return {
    what,
    found: `${share.toFixed(1)} % of the encoding and ${time.toFixed(1)} % of the time avoided: ${summary(run)}`,
  };
}
