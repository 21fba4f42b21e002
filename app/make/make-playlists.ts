import { initOfTrack } from '../../core/bytes/fragment-header.ts';
import { ServiceError } from '../../core/errors.ts';
import type { Check, Playlist } from '../../core/job/manifest.ts';
import { dashManifest } from '../../core/playlists/dash.ts';
import { hlsKeyframes, hlsMaster, hlsMedia, hlsName, hlsNames, hlsText } from '../../core/playlists/hls.ts';
import {
  type PlayableRendition,
  type PlayableSound,
  type PlayableText,
  playable,
  sharedSound,
  soundHolder,
} from '../../core/playlists/playable.ts';
import { playlistChecks } from '../../core/playlists/playlist-checks.ts';
import { type SmallFile, smallFile } from '../../core/small-file.ts';
import type { JobWork } from '../encode/work.ts';
import type { Outcome } from './make-all.ts';

/** What the playlists offer besides the renditions. */
type Besides = { readonly sounds: readonly PlayableSound[]; readonly texts: readonly PlayableText[] };

type MadePlaylists = { readonly files: readonly SmallFile[]; readonly checks: readonly Check[] };

/** The playlists of HLS and DASH, and the headers of single tracks; none where no rendition is in fragments. */
export async function makePlaylists(
  outcomes: readonly Outcome[],
  { sounds: further, texts: subtitles }: Besides,
  work: JobWork,
): Promise<MadePlaylists> {
  const found = await Promise.all(outcomes.map((outcome) => playableOf(outcome, work)));
  const all = found.filter((each) => each !== undefined);
  if (all.length === 0) return { files: [], checks: [] };
  const renditions = all.map(({ rendition }) => rendition);
  const shared = sharedSound(renditions);
  const programme = { renditions, sounds: [...(shared ? [shared] : []), ...further], texts: subtitles };
  const holder = all.find(({ rendition }) => rendition === soundHolder(renditions));
  const files = [
    smallFile('master.m3u8', hlsMaster(programme)),
    ...all.flatMap(({ rendition: { name, picture }, header }) => [
      smallFile(hlsNames(name).picture, hlsMedia(picture)),
      smallFile(hlsNames(name).keyframes, hlsKeyframes(picture)),
      smallFile(picture.init.path, initOfTrack(header, picture.init.track)),
    ]),
    ...(shared && holder ? [smallFile(shared.init.path, initOfTrack(holder.header, shared.init.track))] : []),
    ...programme.sounds.map((sound) => smallFile(hlsName(sound), hlsMedia(sound))),
    ...subtitles.map((text) => smallFile(hlsName(text), hlsText(text.file, programme))),
    smallFile('manifest.mpd', dashManifest(programme)),
  ];
  const texts = files.flatMap(({ path, content }) => (typeof content === 'string' ? [{ path, content }] : []));
  const checks = playlistChecks(texts, programme);
  for (const { name, detail } of checks.filter(({ passed }) => !passed)) {
    // a rendition of an earlier version, or one that was replaced by hand, may have tracks of other lengths
    if (outcomes.every(({ kind }) => kind === 'made'))
      throw new ServiceError('not-exact', `the playlists are not published (${name}: ${detail})`);
    work.tracking.emit({
      type: 'warning',
      job: work.request.id,
      message: `the playlists are not right: ${name}: ${detail}`,
    });
  }
  return { files, checks };
}

/** Returns what a file of the playlists is, by its name. */
export function kindOf(path: string): Playlist['kind'] {
  if (path.endsWith('.mpd')) return 'dash';
  return path.endsWith('.m3u8') ? 'hls' : 'init';
}

type Playable = { readonly rendition: PlayableRendition; readonly header: Buffer };

/** Undefined, and told, where someone put a file in its place that is not in fragments. */
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
