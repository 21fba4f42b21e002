import { newBox } from '../../core/bytes/boxes.ts';
import { trackNumber } from '../../core/bytes/carried-track.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { ByteSource } from './byte-source.ts';
import { withMovieSource } from './movie-source.ts';
import { findBox, type Mp4Box, trackBoxes } from './mp4-boxes.ts';

/** A track's header and its references are smaller than this. */
const LARGEST_BOX = 4096;
const HEADER_BYTES = 8;

/** The tracks to which another one refers as the chapters of the film, by their places. */
type ChapterTracks = {
  readonly places: ReadonlySet<number>;
  /** The last of them that is a text, from which ffprobe takes the chapters, and how many it has. */
  readonly last: { readonly place: number; readonly chapters: number } | undefined;
};

/**
 * Returns the tracks of an MP4 or MOV whose texts are the film's chapters: another track refers to them (`chap`, QuickTime File
 * Format, "Chapter Lists"). ffprobe reads the chapters and gives no packet of such a track. None of any other file.
 */
export async function chapterTracksOf(
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  signal: AbortSignal,
): Promise<ChapterTracks> {
  if (!probe.format.startsWith('mov') || probe.chapters === 0) return { places: new Set(), last: undefined };
  return withMovieSource(path, signal, async (source) => {
    const tracks: TrackFound[] = [];
    const lists: number[][] = [];
    for await (const track of trackBoxes(source)) {
      tracks.push(await trackIn(source, track));
      const chap = await bytesOf(source, await findBox(source, track, 'tref', 'chap'));
      const named: number[] = [];
      for (let at = HEADER_BYTES; at + 4 <= chap.length; at += 4) named.push(chap.readUInt32BE(at));
      if (named.length > 0) lists.push(named);
    }
    const placesOf = (numbers: readonly number[]) =>
      numbers.map((number) => tracks.findIndex((track) => track.number === number)).filter((place) => place >= 0);
    const places = new Set(placesOf(lists.flat()));
    // ffmpeg goes by the references of the last track that has some
    const texts = placesOf(lists.at(-1) ?? []).filter((each) => tracks[each]?.isText);
    const place = texts.at(-1);
    return { places, last: place === undefined ? undefined : { place, chapters: tracks[place]?.samples ?? 0 } };
  });
}

type TrackFound = { readonly number: number; readonly isText: boolean; readonly samples: number };

const [HANDLER_AT, COUNT_AT] = [16, 16];

async function trackIn(source: ByteSource, track: Mp4Box): Promise<TrackFound> {
  const hdlr = await bytesOf(source, await findBox(source, track, 'mdia', 'hdlr'));
  const stsz = await bytesOf(source, await findBox(source, track, 'mdia', 'minf', 'stbl', 'stsz'));
  return {
    number: trackNumber(newBox('trak', await bytesOf(source, await findBox(source, track, 'tkhd')))),
    isText: /^(text|sbtl|subt)$/.test(hdlr.toString('latin1', HANDLER_AT, HANDLER_AT + 4)),
    samples: stsz.length >= COUNT_AT + 4 ? stsz.readUInt32BE(COUNT_AT) : 0,
  };
}

const bytesOf = async (source: ByteSource, box: Mp4Box | undefined): Promise<Buffer> =>
  box ? source.read(box.start, Math.min(box.size, LARGEST_BOX)) : Buffer.alloc(0);
