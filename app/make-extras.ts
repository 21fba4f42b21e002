import { ServiceError } from '../core/errors.ts';
import { initOfTrack } from '../core/film/fragment-header.ts';
import { mainVideo } from '../core/film/probe.ts';
import { shownSize } from '../core/film/shown-size.ts';
import type { FileRecord, Playlist, Thumbnails } from '../core/job/manifest.ts';
import { isComparison } from '../core/plan/comparison.ts';
import { dashManifest } from '../core/playlists/dash.ts';
import { HLS_SOUND, hlsKeyframes, hlsMaster, hlsMedia, hlsNames } from '../core/playlists/hls.ts';
import { type PlayableRendition, playable, sharedSound } from '../core/playlists/playable.ts';
import { nodeVerdict } from '../core/renditions/graph.ts';
import { type SmallFile, smallFile } from '../core/small-file.ts';
import { spriteCues, spriteGrid } from '../core/thumbnails/sprite.ts';
import { compareModels } from './compare-models.ts';
import type { ExtraFile } from './extra-file.ts';
import type { Outcome } from './make-all.ts';
import type { JobWork } from './work.ts';

export type Extras = {
  readonly thumbnails?: Thumbnails;
  readonly playlists?: readonly Playlist[];
  readonly comparison?: readonly FileRecord[];
  readonly extras: readonly ExtraFile[];
};

/**
 * Makes a page that compares two models, or thumbnails and playlists of streaming renditions; nothing for other recipes.
 */
export async function makeExtras(outcomes: readonly Outcome[], work: JobWork): Promise<Extras> {
  if (isComparison(work.settings)) {
    const extras = await compareModels(outcomes, work);
    return { comparison: extras.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })), extras };
  }
  const smallest = outcomes.at(-1);
  if (!work.request.recipe.streams || !smallest) return { extras: [] };
  const pictures = await thumbnailsOf(smallest, work);
  const lists = await playlistsOf(outcomes, work);
  return {
    thumbnails: pictures.thumbnails,
    playlists: lists.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256, kind: kindOf(path) })),
    extras: [...pictures.files, ...lists],
  };
}

function kindOf(path: string): Playlist['kind'] {
  if (path.endsWith('.mpd')) return 'dash';
  return path.endsWith('.m3u8') ? 'hls' : 'init';
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
  const files = was.files.map((file, i) => ({
    ...file,
    bytes: now[i]?.bytes ?? file.bytes,
    sha256: now[i]?.sha256 ?? file.sha256,
  }));
  return { thumbnails: { ...was, files }, files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })) };
}

async function makePictures(outcome: Outcome, work: JobWork): Promise<MadePictures> {
  const { ports, folder, tracking } = work;
  const { reader, maker } = ports;
  const { path, probe, main } = await pictureOf(outcome, work);
  const durationSeconds = probe.durationSeconds ?? 0;
  const size = shownSize(main.video);
  const grid = spriteGrid(size, durationSeconds);
  const made = await maker.makeThumbnails({ path, size, durationSeconds, grid, folder }, tracking.signal);
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
        ...pictures.map(({ path: at, kind, bytes, sha256, width, height }) => ({
          ...{ path: at, kind, bytes, sha256, width, height },
        })),
        { path: cues.path, bytes: cues.bytes, sha256: cues.sha256, kind: 'cues' },
      ],
    },
    files: [...pictures.map(({ path: at, bytes, sha256, file }) => ({ path: at, bytes, sha256, file })), cues],
  };
}

/** Reads what thumbnails need to know of a rendition: its picture, without its packets. */
async function pictureOf(outcome: Outcome, { ports, parents, tracking }: JobWork) {
  if (outcome.kind === 'made') return outcome.made.picture;
  const path = await parents.fetch(outcome.now.key);
  const { probe } = await ports.reader.inspect(path, tracking.signal);
  const main = mainVideo(probe);
  if (!main) throw new ServiceError('not-video', `${outcome.record.path} has no picture`);
  return { path, probe, main };
}

async function playlistsOf(outcomes: readonly Outcome[], work: JobWork): Promise<readonly SmallFile[]> {
  const found = await Promise.all(outcomes.map((outcome) => playableOf(outcome, work)));
  const all = found.filter((each) => each !== undefined);
  if (all.length === 0) return [];
  const renditions = all.map(({ rendition }) => rendition);
  const sound = sharedSound(renditions);
  return [
    smallFile('master.m3u8', hlsMaster(renditions)),
    ...all.flatMap(({ rendition: { name, picture }, header }) => [
      smallFile(hlsNames(name).picture, hlsMedia(picture)),
      smallFile(hlsNames(name).keyframes, hlsKeyframes(picture)),
      smallFile(picture.init.path, initOfTrack(header, picture.init.track)),
    ]),
    ...all.flatMap(({ rendition, header }) =>
      sound && rendition.sound === sound
        ? [smallFile(HLS_SOUND, hlsMedia(sound)), smallFile(sound.init.path, initOfTrack(header, sound.init.track))]
        : [],
    ),
    smallFile('manifest.mpd', dashManifest(renditions)),
  ];
}

type Playable = { readonly rendition: PlayableRendition; readonly header: Buffer };

/** Returns a rendition for the playlists; undefined, with a warning, if it was replaced by a file without fragments. */
async function playableOf(outcome: Outcome, work: JobWork): Promise<Playable | undefined> {
  const { ports, tracking, parents, request } = work;
  const { record } = outcome;
  const { signal } = tracking;
  const path = outcome.kind === 'made' ? outcome.made.file : await parents.fetch(outcome.now.key);
  try {
    const map = await ports.reader.fragments(path, signal);
    return { rendition: playable(record, map), header: Buffer.from(map.init) };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'not-exact' || !record.edited) throw error;
    const message = `${record.path} is not in fragments, so the playlists leave it out`;
    tracking.emit({ type: 'warning', job: request.id, message });
    return undefined;
  }
}
