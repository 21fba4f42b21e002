import type { Animation } from '../../core/film/animation.ts';
import type { Rational } from '../../core/units.ts';
import type { ByteSource } from '../structure/byte-source.ts';
import { truncated } from '../structure/refusals.ts';
import { animationNotes } from './animation-notes.ts';

const ANIMATED = 0x02;

/** The chunks of which the pictures are made. */
const OF_PICTURES = /^(VP8X|ANIM|ANMF)$/;

/** Reads an animated WebP, whose delays are thousandths of a second; undefined for a still picture. */
export async function webpAnimation(source: ByteSource): Promise<Animation | undefined> {
  const head = await source.read(0, 30);
  if (head.length < 30 || head.toString('latin1', 12, 16) !== 'VP8X') return undefined;
  if (!((head[20] ?? 0) & ANIMATED)) return undefined;
  const delays: Rational[] = [];
  const notes = animationNotes();
  const length = 8 + head.readUInt32LE(4);
  if (length > source.size) throw truncated(source, `it has ${source.size} of ${length} bytes`);
  for (let at = 12; at + 8 <= length; ) {
    const [chunk, body] = [await source.read(at, 24), at + 8];
    const [kind, bytes] = [chunk.toString('latin1', 0, 4), chunk.readUInt32LE(4)];
    const note = { bytes, read: () => source.read(body, bytes) };
    if (kind === 'ANMF' && chunk.length === 24) delays.push({ num: chunk.readUIntLE(20, 3), den: 1000 });
    if (kind === 'XMP ') await notes.xmp(note);
    else if (kind === 'EXIF') await notes.exif(note);
    else if (kind === 'ICCP') notes.other('an ICC profile');
    else if (!OF_PICTURES.test(kind)) notes.other('the chunk', kind);
    at += 8 + bytes + (bytes % 2);
  }
  const [width, height] = [1 + head.readUIntLE(24, 3), 1 + head.readUIntLE(27, 3)];
  return { kind: 'webp', width, height, delays, notes: notes.found() };
}
