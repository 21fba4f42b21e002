import { boxByPath, boxBytes, boxesOf, movieIn, newBox } from '../bytes/boxes.ts';
import { scaleIn, trackNumber } from '../bytes/carried-track.ts';
import { editListBox, editsIn } from '../bytes/edit-list-box.ts';
import { type RunOfTimes, replaced, runsIn, timesTable, withDuration } from '../bytes/opus-end.ts';

/**
 * Returns a movie box of ffmpeg's whose track of chapters begins where the first chapter does, by the list of chapters (`chpl`):
 * ffmpeg lets the first text begin with the film, so that readers of the track and of the list would tell different times.
 * The track begins with an empty edit; an empty text in its place would be one more chapter to ffmpeg's readers. It lasts as long
 * as its texts do: ffmpeg's headers of a single text leave out what lies before it, though the text itself has it.
 */
export function withChapterStart(moov: Buffer): Buffer {
  const movie = movieIn(moov);
  const mvhd = boxByPath(moov, movie, 'mvhd');
  const chpl = boxByPath(moov, movie, 'udta', 'chpl');
  const seconds = chpl ? firstChapterIn(boxBytes(moov, chpl)) : 0;
  if (!mvhd || seconds === 0) return moov;
  const children = boxesOf(moov, movie.body, movie.end);
  const chap = children.map((box) => boxByPath(moov, box, 'tref', 'chap')).find((box) => box !== undefined);
  if (!chap || chap.end - chap.body < 4) return moov;
  const number = moov.readUInt32BE(chap.body);
  const parts = children.map((box) => {
    const bytes = boxBytes(moov, box);
    const isChapters = box.type === 'trak' && trackNumber(bytes) === number;
    return isChapters ? beginningAt(bytes, seconds, scaleIn(moov, mvhd)) : bytes;
  });
  return newBox('moov', ...parts);
}

/** How many ticks of `chpl` are a second. */
const TICKS_OF_LIST = 10_000_000;

/** The start of the first chapter of a `chpl` box as ffmpeg writes it: version, flags, four bytes, a count, then for each a start and a title. */
function firstChapterIn(chpl: Buffer): number {
  const [count, first] = [16, 17];
  return chpl.length < first + 8 || chpl[count] === 0 ? 0 : Number(chpl.readBigUInt64BE(first)) / TICKS_OF_LIST;
}

/** A track that does not begin with its film, or whose tables say otherwise, stays as it is. */
function beginningAt(trak: Buffer, seconds: number, movieScale: number): Buffer {
  const [whole] = boxesOf(trak, 0, trak.length);
  const find = (...path: readonly string[]) => whole && boxByPath(trak, whole, ...path);
  const [mdhd, stts, elst] = [find('mdia', 'mdhd'), find('mdia', 'minf', 'stbl', 'stts'), find('edts', 'elst')];
  const [edit, ...more] = (elst && editsIn(trak, elst)) ?? [];
  const runs = stts ? runsIn(trak, stts) : [];
  if (!mdhd || !edit || edit.from !== 0 || more.length > 0) return trak;
  const ticks = Math.round(seconds * scaleIn(trak, mdhd));
  const later = Math.round(seconds * movieScale);
  const media = runs.reduce((sum, run) => sum + run.count * run.ticks, 0);
  const lasts = Math.ceil((media * movieScale) / scaleIn(trak, mdhd));
  if (ticks === 0 || ticks >= (runs[0]?.ticks ?? 0) || later >= lasts) return trak;
  const withTable = replaced(trak, ['mdia', 'minf', 'stbl', 'stts'], () => timesTable(shiftedRuns(runs, ticks)));
  const withMedia = replaced(withTable, ['mdia', 'mdhd'], (box) => withDuration(box, 16, media));
  const edits = [
    { lasts: later, from: -1 },
    { ...edit, lasts: lasts - later },
  ];
  const withEdits = replaced(withMedia, ['edts', 'elst'], () => editListBox(edits));
  return replaced(withEdits, ['tkhd'], (box) => withDuration(box, 20, lasts));
}

/** The first sample lasts shorter, and the last one longer, so that the track's media lasts as long as it did; its edit list ends it. */
function shiftedRuns(runs: readonly RunOfTimes[], ticks: number): readonly RunOfTimes[] {
  const each = runs.flatMap(({ count, ticks: lasts }) => Array.from({ length: count }, () => lasts));
  const shifted = each.map((lasts, i) => lasts - (i === 0 ? ticks : 0) + (i === each.length - 1 ? ticks : 0));
  return shifted.map((lasts) => ({ count: 1, ticks: lasts }));
}
