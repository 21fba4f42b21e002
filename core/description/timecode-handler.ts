import { boxByPath, boxBytes, boxesOf, movieIn, newBox, withBox } from '../bytes/boxes.ts';

/** Behind version, flags and a field that QuickTime uses. */
const TYPE_AT = 8;
/** Behind the type, and three numbers for QuickTime's components. */
const NAME_AT = 24;

/**
 * Returns a movie box whose tracks of time code have a handler of this name (hdlr, ISO/IEC 14496-12 8.4.3). ffmpeg calls theirs as it
 * calls that of the picture. QuickTime has the length before the name, and MP4 a zero behind it.
 */
export function withTimecodeHandler(moov: Buffer, name: string, container: 'mp4' | 'mov'): Buffer {
  const movie = movieIn(moov);
  const text = Buffer.from(name, 'utf8');
  const written =
    container === 'mov' ? [Buffer.of(Math.min(text.length, 255)), text.subarray(0, 255)] : [text, Buffer.of(0)];
  const parts = boxesOf(moov, movie.body, movie.end).map((box) => {
    const bytes = boxBytes(moov, box);
    const whole = { ...box, start: 0, body: box.body - box.start, end: bytes.length };
    const hdlr = box.type === 'trak' ? boxByPath(bytes, whole, 'mdia', 'hdlr') : undefined;
    const type = hdlr && bytes.toString('latin1', hdlr.body + TYPE_AT, hdlr.body + TYPE_AT + 4);
    if (type !== 'tmcd') return bytes;
    return withBox(bytes, whole, ['mdia', 'hdlr'], (found) =>
      newBox('hdlr', bytes.subarray(found.body, found.body + NAME_AT), ...written),
    );
  });
  return newBox('moov', ...parts);
}
