import { boxByPath, boxesOf } from '../../core/bytes/boxes.ts';
import { scaleIn } from '../../core/bytes/carried-track.ts';
import { editsIn } from '../../core/bytes/edit-list-box.ts';
import { runsIn } from '../../core/bytes/opus-end.ts';
import type { Chunk } from '../../core/bytes/track-chunks.ts';
import { isMovie, mainVideo, type Probe } from '../../core/film/probe.ts';
import { type ShownTimecode, type TimecodeTrack, timecodeShown } from '../../core/film/track-timecode.ts';
import { isTimecode } from '../../core/streams/data-tracks.ts';
import { isSameTimecode } from '../../core/streams/timecode.ts';
import { withByteSource } from '../structure/byte-source.ts';
import { readSourceTracks } from '../structure/mp4-source-tracks.ts';

/** A new time code may begin with each take; a track of more is none that a camera or an editor wrote. */
const MOST_BYTES = 4 * 10_000;

/**
 * Returns the probe with the time code that an MP4 or MOV shows at its first picture: ffprobe reads the first one of its track, of which an edit list
 * can hide the beginning, or show it later or earlier than the picture. Where the tables do not tell it, what ffprobe read stays.
 */
export async function withShownTimecodes(probe: Probe, path: string, signal: AbortSignal): Promise<Probe> {
  const wanted = isMovie(probe)
    ? probe.streams.filter((stream) => stream.type === 'data' && isTimecode(stream)).map(({ index }) => index)
    : [];
  if (wanted.length === 0) return probe;
  const { tracks, movieScale } = await readSourceTracks(path, wanted, signal);
  const begins = mainVideo(probe)?.startSeconds ?? probe.startSeconds;
  const shown = new Map<string, ShownTimecode>();
  for (const { trak, chunks } of tracks) {
    const track = chunks && (await readTrack(path, { trak, chunks, movieScale }, signal));
    const found = track && timecodeShown(track, begins);
    if (found && !shown.has(found.first)) shown.set(found.first, found);
  }
  const said = (timecode: string) => [...shown.values()].find(({ first }) => isSameTimecode(first, timecode));
  const changed = (tags: Probe['tags']): Probe['tags'] => {
    const { timecode } = tags;
    const is = timecode === undefined ? undefined : said(timecode)?.shown;
    return is === undefined || timecode === undefined || isSameTimecode(is, timecode)
      ? tags
      : { ...tags, timecode: is };
  };
  const [track] = shown.values();
  return {
    ...probe,
    ...(track && { timecodeTrack: track }),
    tags: changed(probe.tags),
    streams: probe.streams.map((stream) => ({ ...stream, tags: changed(stream.tags) })),
  };
}

type TimecodeTables = { readonly trak: Buffer; readonly chunks: readonly Chunk[]; readonly movieScale: number };

async function readTrack(
  path: string,
  { trak, chunks, movieScale }: TimecodeTables,
  signal: AbortSignal,
): Promise<TimecodeTrack | undefined> {
  const [whole] = boxesOf(trak, 0, trak.length);
  const find = (...names: readonly string[]) => whole && boxByPath(trak, whole, ...names);
  const [mdhd, elst] = [find('mdia', 'mdhd'), find('edts', 'elst')];
  const [stsd, stts] = [find('mdia', 'minf', 'stbl', 'stsd'), find('mdia', 'minf', 'stbl', 'stts')];
  const [entry, ...more] = stsd ? boxesOf(trak, stsd.body + STSD_HEADER, stsd.end) : [];
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  if (!mdhd || !stts || entry?.type !== 'tmcd' || more.length > 0 || bytes > MOST_BYTES) return undefined;
  const values = await withByteSource(path, signal, async (source) => {
    const found: number[] = [];
    for (const chunk of chunks) {
      const samples = await source.read(chunk.at, chunk.bytes);
      for (let at = 0; at + 4 <= samples.length; at += 4) found.push(samples.readUInt32BE(at));
    }
    return found;
  });
  const [timescale, runs] = [scaleIn(trak, mdhd), runsIn(trak, stts)];
  const ticks = runs.reduce((sum, run) => sum + run.count * run.ticks, 0);
  const edits = elst ? editsIn(trak, elst) : [{ from: 0, lasts: Math.ceil((ticks * movieScale) / timescale) }];
  if (!edits || timescale === 0) return undefined;
  return {
    ...{ entry: trak.subarray(entry.body, entry.end), timescale, movieScale },
    ...{ runs, values, edits },
  };
}

const STSD_HEADER = 8;
