import { boxByPath, boxBytes, boxesOf, type MemoryBox, movieIn, newBox } from '../bytes/boxes.ts';
import { trackHeader, trackNumber } from '../bytes/carried-track.ts';
import { editListBox, editsIn } from '../bytes/edit-list-box.ts';

/**
 * Returns a movie box whose tracks of time code begin with the picture, its first track: ffmpeg lets them begin at 0, as if the first time code
 * were that of a moment at which no picture is shown yet.
 */
export function withTimecodePlace(moov: Buffer): Buffer {
  const movie = movieIn(moov);
  const boxes = boxesOf(moov, movie.body, movie.end);
  const picture = boxes.find(({ type }) => type === 'trak');
  const elst = picture && boxByPath(moov, picture, 'edts', 'elst');
  const edits = (elst && editsIn(moov, elst)) ?? [];
  const before = edits.slice(0, Math.max(0, edits.findIndex(isShown)));
  if (before.length === 0) return moov;
  const placed = [...before, { lasts: edits.filter(isShown).reduce((sum, { lasts }) => sum + lasts, 0), from: 0 }];
  const parts = boxes.map((box) =>
    box.type === 'trak' && isOfTimecode(moov, box) ? trackWith(boxBytes(moov, box), placed) : boxBytes(moov, box),
  );
  return newBox('moov', ...parts);
}

type Edits = NonNullable<ReturnType<typeof editsIn>>;

const isShown = ({ from }: Edits[number]) => from >= 0;

/** Where a handler has the kind of its track, behind version, flags and a field that QuickTime uses. */
const KIND_AT = 8;

function isOfTimecode(bytes: Buffer, trak: MemoryBox): boolean {
  const hdlr = boxByPath(bytes, trak, 'mdia', 'hdlr');
  return hdlr !== undefined && bytes.toString('latin1', hdlr.body + KIND_AT, hdlr.body + KIND_AT + 4) === 'tmcd';
}

function trackWith(trak: Buffer, edits: Edits): Buffer {
  const [whole] = boxesOf(trak, 0, trak.length);
  const lasts = edits.reduce((sum, edit) => sum + edit.lasts, 0);
  const parts = boxesOf(trak, whole?.body ?? 0, whole?.end ?? 0).flatMap((box) => {
    if (box.type === 'edts') return [];
    if (box.type !== 'tkhd') return [boxBytes(trak, box)];
    return [trackHeader(trak, box, { id: trackNumber(trak), lasts }), newBox('edts', editListBox(edits))];
  });
  return newBox('trak', ...parts);
}
