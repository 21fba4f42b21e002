import type { ByteRange } from '../../core/bytes/byte-ranges.ts';
import type { Animation } from '../../core/film/animation.ts';
import type { Rational } from '../../core/units.ts';
import type { ByteSource } from '../structure/byte-source.ts';
import { truncated } from '../structure/refusals.ts';
import { animationNotes } from './animation-notes.ts';

const [EXTENSION, IMAGE, TRAILER] = [0x21, 0x2c, 0x3b];
const [CONTROL, COMMENT, APPLICATION, PLAIN_TEXT] = [0xf9, 0xfe, 0xff, 0x01];

/** How often an animation is played, and a program that made some: a film is of one round. */
const LOOPS = /^(NETSCAPE2\.0|ANIMEXTS1\.0)$/;

/** XMP in GIF ends with so many bytes that lead a reader of blocks to its end (XMP Specification Part 3, 1.1.2). */
const XMP_TRAILER_BYTES = 258;

/** Reads a GIF, whose delays are hundredths of a second, each before its picture. */
export async function gifAnimation(source: ByteSource): Promise<Animation> {
  const screen = await source.read(0, 13);
  if (screen.length < 13) throw truncated(source, 'it ends within its header');
  const delays: Rational[] = [];
  const notes = animationNotes();
  let hundredths = 0;
  let at = 13 + colours(screen[10]);
  while (at < source.size) {
    const [kind, label] = await source.read(at, 2);
    if (kind === EXTENSION) {
      if (label === CONTROL) hundredths = (await bytesAt(source, at, 8)).readUInt16LE(4);
      const end = await afterBlocks(source, at + 2);
      if (label === COMMENT) await notes.text('comment', textBlocks(source, at + 2, end));
      else if (label === APPLICATION) await applicationNote(source, { start: at, end }, notes);
      else if (label === PLAIN_TEXT) notes.other('a text that is drawn by the player');
      else if (label !== CONTROL) notes.other(`extension 0x${(label ?? 0).toString(16).padStart(2, '0')}`);
      at = end;
    } else if (kind === IMAGE) {
      const image = await bytesAt(source, at, 11);
      at = await afterBlocks(source, at + 11 + colours(image[9]));
      delays.push({ num: hundredths, den: 100 });
      hundredths = 0;
    } else {
      if (kind !== TRAILER && kind !== 0) throw truncated(source, `its picture ${delays.length} is followed by none`);
      break;
    }
  }
  const [width, height] = [screen.readUInt16LE(6), screen.readUInt16LE(8)];
  return { kind: 'gif', width, height, delays, notes: notes.found() };
}

/** The text of blocks of up to 255 bytes each. */
const textBlocks = (source: ByteSource, start: number, end: number) => ({
  bytes: end - start,
  async read(): Promise<Buffer> {
    const bytes = await source.read(start, end - start);
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 1 + (bytes[at] ?? 0))
      parts.push(bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0)));
    return Buffer.concat(parts);
  },
});

/** Takes down what a program put into a GIF: 11 bytes say which program and what (GIF89a 26). */
async function applicationNote(
  source: ByteSource,
  { start, end }: ByteRange,
  notes: ReturnType<typeof animationNotes>,
): Promise<void> {
  const [from, name] = [start + 14, (await source.read(start + 3, 11)).toString('latin1')];
  const bytes = end - XMP_TRAILER_BYTES - from;
  if (name === 'XMP DataXMP' && bytes > 0) await notes.xmp({ bytes, read: () => source.read(from, bytes) });
  else if (name.startsWith('ICCRGBG1')) notes.other('an ICC profile');
  else if (!LOOPS.test(name)) notes.other('data of the application', name);
}

/** Returns the bytes of a colour table, or 0 where the flags say that there is none. */
const colours = (flags = 0): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

async function bytesAt(source: ByteSource, at: number, length: number): Promise<Buffer> {
  const bytes = await source.read(at, length);
  if (bytes.length < length) throw truncated(source, `it ends within a block at byte ${at}`);
  return bytes;
}

/** Returns the position behind a list of blocks of up to 255 bytes each, which ends with an empty block. */
async function afterBlocks(source: ByteSource, from: number): Promise<number> {
  let at = from;
  for (;;) {
    const [length] = await bytesAt(source, at, 1);
    at += 1 + (length ?? 0);
    if (length === 0) return at;
  }
}
