import { childElements, childOf, idOf, textIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import type { Probe, Stream } from '../film/probe.ts';
import { filmTags } from './film-tags.ts';
import { type MatroskaDescription, uidOf } from './matroska.ts';
import { idIn } from './matroska-tags.ts';

/** The tags that decide more than a line of text: when a film was made, and where its time code and its reel begin. */
const DECIDING = ['creation_time', 'timecode', 'reel_name'];

/**
 * Returns the probe of a Matroska file with the deciding tags that ffprobe did not read: without a list of positions it finds no tags
 * behind the packets.
 */
export function withSaidBehind(probe: Probe, { tags, tracks }: MatroskaDescription): Probe {
  const ofFilm = filmTags(tags).flatMap(({ name, value }) =>
    DECIDING.includes(name) && typeof value === 'string' ? [[name, value] as const] : [],
  );
  const ofTracks = tagsOfTracks(tags);
  const streams = probe.streams.map((stream): Stream => {
    const own = ofTracks.get(uidOf(tracks[stream.index], MKV.TrackUID));
    return own ? { ...stream, tags: { ...own, ...stream.tags } } : stream;
  });
  return { ...probe, streams, tags: { ...Object.fromEntries(ofFilm), ...probe.tags } };
}

/** The deciding tags of tracks, by the ids of the tracks. */
function tagsOfTracks(tags: readonly Buffer[]): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const found = new Map<string, Record<string, string>>();
  for (const tag of tags) {
    const targets = childOf(tag, MKV.Targets);
    const uids = (targets ? childElements(targets) : []).filter((each) => idOf(each) === MKV.TagTrackUID).map(idIn);
    if (uids.length === 0) continue;
    for (const field of childElements(tag)) {
      const name = idOf(field) === MKV.SimpleTag ? textIn(childOf(field, MKV.TagName))?.toLowerCase() : undefined;
      const value = textIn(childOf(field, MKV.TagString));
      if (name === undefined || value === undefined || !DECIDING.includes(name)) continue;
      for (const uid of uids) found.set(uid, { [name]: value, ...found.get(uid) });
    }
  }
  found.delete('0'); // it means all tracks
  return found;
}
