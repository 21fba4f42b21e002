import { newBox } from '../../core/bytes/boxes.ts';
import { trackNumber } from '../../core/bytes/carried-track.ts';
import { editsIn } from '../../core/bytes/edit-list-box.ts';
import { lengthIn } from '../../core/bytes/header-length.ts';
import { referencesIn } from '../../core/bytes/track-references.ts';
import { characteristicsIn } from '../../core/description/media-characteristics.ts';
import { datesIn, type MovieHeaders, type TrackHeader, trackHeaderOf } from '../../core/description/movie-headers.ts';
import { isMovie } from '../../core/film/probe.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { ByteSource } from './byte-source.ts';
import { withMovieSource } from './movie-source.ts';
import { boxesIn, childrenOf, findBox, type Mp4Box } from './mp4-boxes.ts';

const MOST_TRACKS = 1000;
/** A speed of 1 in an edit list. */
const NORMAL = 0x1_0000;
const HEADER_BYTES = 96;

/** Reads what the headers of an MP4 or MOV and of its tracks say; undefined for any other file, and where a track has no header. */
export const readHeaders = async (
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  signal: AbortSignal,
): Promise<MovieHeaders | undefined> => (isMovie(probe) ? withMovieSource(path, signal, headersIn) : undefined);

async function headersIn(source: ByteSource): Promise<MovieHeaders | undefined> {
  for await (const moov of boxesIn(source, 0, source.size)) {
    if (moov.type !== 'moov') continue;
    let dates = { created: 0, modified: 0 };
    let seconds: number | undefined;
    let isFragmented = false;
    const tracks: TrackRead[] = [];
    for await (const child of childrenOf(source, moov)) {
      isFragmented ||= child.type === 'mvex';
      if (child.type === 'mvhd') {
        const mvhd = await start(source, child);
        dates = datesIn(mvhd);
        seconds = lengthIn(mvhd);
      }
      if (child.type !== 'trak') continue;
      const header = tracks.length < MOST_TRACKS ? await headerOf(source, child) : undefined;
      if (!header) return undefined;
      tracks.push(header);
    }
    const numbers = tracks.map(({ number }) => number);
    return {
      ...{ ...dates, seconds: isFragmented ? undefined : seconds },
      tracks: tracks.map(({ header, tref }) => ({ ...header, references: referencesIn(tref, numbers) })),
    };
  }
  return undefined;
}

const start = (source: ByteSource, { start: at, headerBytes, size }: Mp4Box): Promise<Buffer> =>
  source.read(at + headerBytes, Math.min(HEADER_BYTES, Math.max(0, size - headerBytes)));

/** What was read of a track, whose references name other tracks by their numbers. */
type TrackRead = { readonly number: number; readonly header: TrackHeader; readonly tref: Buffer };

const NOTHING = Buffer.alloc(0);
/** Edit lists and references have some entries; what lies behind so many bytes of them is not looked at. */
const MOST_BYTES = 64 * 1024;

async function headerOf(source: ByteSource, trak: Mp4Box): Promise<TrackRead | undefined> {
  const payload = async (...path: readonly string[]) => {
    const box = await findBox(source, trak, ...path);
    return box && start(source, box);
  };
  const tkhd = await payload('tkhd');
  const header =
    tkhd &&
    trackHeaderOf(tkhd, (await payload('mdia', 'mdhd')) ?? NOTHING, {
      smhd: await payload('mdia', 'minf', 'smhd'),
      stsd: await payload('mdia', 'minf', 'stbl', 'stsd'),
    });
  if (!header) return undefined;
  const bytesOf = async (...path: readonly string[]) => {
    const box = await findBox(source, trak, ...path);
    return box ? source.read(box.start, Math.min(box.size, MOST_BYTES)) : NOTHING;
  };
  const [elst, tref] = [await bytesOf('edts', 'elst'), await bytesOf('tref')];
  const characteristics = characteristicsIn(await bytesOf('udta'));
  const edits = editsIn(elst, { type: 'elst', start: 0, body: 8, end: elst.length }) ?? [];
  const speeds = edits.flatMap(({ from, rate = NORMAL }) => (rate === NORMAL || from < 0 ? [] : [(rate | 0) / NORMAL]));
  const shown = edits.findIndex(({ from }) => from >= 0);
  const hasGap =
    shown >= 0 && edits.slice(shown).some(({ from, lasts }, i, rest) => from < 0 && lasts > 0 && i < rest.length - 1);
  return {
    number: trackNumber(newBox('trak', newBox('tkhd', tkhd))),
    header: {
      ...header,
      ...(characteristics.length > 0 && { characteristics }),
      ...(speeds.length > 0 && { speeds }),
      ...(hasGap && { hasGap }),
      ...((await findBox(source, trak, 'mdia', 'minf', 'stbl', 'subs')) && { hasSubsamples: true }),
    },
    tref: tref.subarray(8),
  };
}
