import { inTwoBytes } from '../bytes/big-endian.ts';
import { boxByPath, boxBytes, boxesOf, movieIn, newBox } from '../bytes/boxes.ts';

/** The bytes of a time code's sample entry before its boxes (QuickTime File Format, Timecode Sample Description). */
const TIMECODE_ENTRY = 26;
const STSD_HEADER = 8;
/** The code of Macintosh for a language that is not told. */
const NO_LANGUAGE = 0x7fff;

/** Returns a movie box whose tracks of time code say which reel or card the film was shot on: `name` in their sample entries. */
export function withReelName(moov: Buffer, reel: string): Buffer {
  const movie = movieIn(moov);
  const text = Buffer.from(reel, 'utf8');
  const name = newBox('name', inTwoBytes(text.length, NO_LANGUAGE), text);
  const parts = boxesOf(moov, movie.body, movie.end).map((box) => {
    const track = boxBytes(moov, box);
    return box.type === 'trak' ? named(track, ['mdia', 'minf', 'stbl', 'stsd'], name) : track;
  });
  return newBox('moov', ...parts);
}

/** Returns a box with this name in each entry of a time code below it. */
function named(bytes: Buffer, [type, ...rest]: readonly string[], name: Buffer): Buffer {
  const [box] = boxesOf(bytes, 0, bytes.length);
  if (!box) return bytes;
  if (type === undefined) {
    const entries = boxesOf(bytes, box.body + STSD_HEADER, box.end).map((entry) => {
      if (entry.type !== 'tmcd') return boxBytes(bytes, entry);
      const at = entry.body + TIMECODE_ENTRY;
      const others = boxesOf(bytes, at, entry.end).filter((each) => each.type !== 'name');
      return newBox('tmcd', bytes.subarray(entry.body, at), ...others.map((each) => boxBytes(bytes, each)), name);
    });
    return newBox(box.type, bytes.subarray(box.body, box.body + STSD_HEADER), ...entries);
  }
  if (!boxByPath(bytes, box, type)) return bytes;
  const parts = boxesOf(bytes, box.body, box.end).map((child) =>
    child.type === type ? named(boxBytes(bytes, child), rest, name) : boxBytes(bytes, child),
  );
  return newBox(box.type, ...parts);
}
