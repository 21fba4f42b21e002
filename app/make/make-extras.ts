import { ServiceError } from '../../core/errors.ts';
import { type FileRecord, fileRecord } from '../../core/file-record.ts';
import { mainVideo } from '../../core/film/probe.ts';
import { shownSize } from '../../core/film/shown-size.ts';
import type { Check, Playlist, SoundRecord, Thumbnails } from '../../core/job/manifest.ts';
import type { TextRecord } from '../../core/job/text-record.ts';
import { isComparison } from '../../core/plan/comparison.ts';
import { nodeVerdict } from '../../core/renditions/graph.ts';
import { smallFile } from '../../core/small-file.ts';
import { spriteCues, spriteGrid } from '../../core/thumbnails/sprite.ts';
import type { JobWork } from '../encode/work.ts';
import type { ToldFates } from '../source/streamed-source.ts';
import { compareModels } from './compare-models.ts';
import type { ExtraFile } from './extra-file.ts';
import type { Outcome } from './make-all.ts';
import { makeBesides } from './make-besides.ts';
import { kindOf, makePlaylists } from './make-playlists.ts';

export type Extras = {
  readonly thumbnails?: Thumbnails;
  readonly playlists?: readonly Playlist[];
  readonly playlistChecks?: readonly Check[];
  readonly comparison?: readonly FileRecord[];
  readonly sounds?: readonly SoundRecord[];
  readonly subtitles?: readonly TextRecord[];
  readonly extras: readonly ExtraFile[];
  /** What became of streams of the source that have files among the extras. */
  readonly fates: ToldFates;
};

/**
 * Makes a page that compares two models, or thumbnails and playlists of streaming renditions; nothing for other recipes.
 */
export async function makeExtras(outcomes: readonly Outcome[], work: JobWork): Promise<Extras> {
  if (isComparison(work.settings)) {
    const extras = await compareModels(outcomes, work);
    return { comparison: extras.map(fileRecord), extras, fates: new Map() };
  }
  const smallest = outcomes.at(-1);
  if (!work.request.recipe.streams || !smallest) return { extras: [], fates: new Map() };
  const pictures = await thumbnailsOf(smallest, work);
  const { sounds, texts, fates } = await makeBesides(work);
  const playables = { sounds: sounds.map(({ playable }) => playable), texts: texts.map(({ playable }) => playable) };
  const { files: lists, checks } = await makePlaylists(outcomes, playables, work);
  return {
    thumbnails: pictures.thumbnails,
    playlists: lists.map((list) => ({ ...fileRecord(list), kind: kindOf(list.path) })),
    playlistChecks: checks,
    sounds: sounds.map(({ record }) => record),
    subtitles: texts.map(({ record }) => record),
    extras: [...pictures.files, ...lists, ...[...sounds, ...texts].map(({ file }) => file)],
    fates,
  };
}

type MadePictures = { readonly thumbnails: Thumbnails; readonly files: readonly ExtraFile[] };

async function thumbnailsOf(smallest: Outcome, work: JobWork): Promise<MadePictures> {
  const { record: parent } = smallest;
  const { before } = work;
  const was = before?.manifest.thumbnails;
  const now = was?.files.map((file) => ({ ...file, ...before?.files.get(file.path), path: file.path }));
  const there = was?.files.every(({ path }) => before?.files.has(path));
  const { action } = nodeVerdict(
    { name: 'thumbnails', parent: parent.name },
    {
      recorded: was && { sha256: '', parentSha256: was.parentSha256 },
      found: there ? '' : undefined, // nothing is made from thumbnails, so a replaced one needs no mark
      parent: parent.sha256,
      sameRecipe: before?.sameRecipe ?? false,
      remake: undefined,
      keepsEdits: true,
    },
  );
  if (action === 'make' || !was || !now) return makePictures(smallest, work);
  const files = was.files.map((file, i) => {
    const found = now[i];
    if (!found || found.sha256 === file.sha256) return file;
    return { ...file, bytes: found.bytes, sha256: found.sha256, crc64nvme: undefined };
  });
  return { thumbnails: { ...was, files }, files: files.map(fileRecord) };
}

async function makePictures(outcome: Outcome, work: JobWork): Promise<MadePictures> {
  const { ports, folder, tracking } = work;
  const { reader, maker } = ports;
  const { path, probe, main } = await pictureOf(outcome, work);
  const durationSeconds = probe.durationSeconds ?? 0;
  const size = shownSize(main.video);
  const grid = spriteGrid(size, durationSeconds);
  const { pixelFormat, colour } = main.video;
  const task = { path, size, matrix: colour.matrix, pixelFormat, durationSeconds, grid, folder };
  const made = await maker.makeThumbnails(task, tracking.signal);
  const pictures = await Promise.all(
    made.files.map(async (each) => ({ ...each, ...(await reader.fileInfo(each.file, tracking.signal)) })),
  );
  const cues = smallFile('sprite.vtt', spriteCues(grid, 'sprite.jpg', durationSeconds));
  const { columns, rows, tileWidth, tileHeight, everySeconds } = grid;
  return {
    thumbnails: {
      parent: outcome.record.name,
      parentSha256: outcome.record.sha256,
      posterSeconds: made.posterSeconds,
      sprite: { columns, rows, tileWidth, tileHeight, everySeconds },
      files: [
        ...pictures.map(({ kind, width, height, ...file }) => ({ ...fileRecord(file), kind, width, height })),
        { ...fileRecord(cues), kind: 'cues' },
      ],
    },
    files: [...pictures.map((each) => ({ ...fileRecord(each), file: each.file })), cues],
  };
}

/** Reads what thumbnails need to know of a rendition: its picture, without its packets. */
async function pictureOf(outcome: Outcome, { ports, parents, tracking }: JobWork) {
  if (outcome.kind === 'made') return outcome.made.picture;
  const path = await parents.fetch(outcome.now.key);
  const { probe } = await ports.reader.inspect(path, tracking.signal);
  const main = mainVideo(probe);
  if (!main)
    throw new ServiceError(
      'not-video',
      `${outcome.record.path} has no picture, of which thumbnails could be made; remove it, and it is made again`,
    );
  return { path, probe, main };
}
