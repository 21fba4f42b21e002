import { exifIn } from '../../core/description/exif-directory.ts';
import { isUtf8 } from '../../core/description/tag-values.ts';
import type { AnimationNotes } from '../../core/film/animation.ts';

/** What is larger is left out, and so is what comes behind so many notes: no such picture has them. */
const LARGEST = 1 << 20;
const MOST = 100;

/** Texts are arguments of ffmpeg, of which Linux takes 128 KiB each; no title and no comment is that long. */
const MOST_TEXT_BYTES = 64 << 10;

/** A place in a file with a note. */
type Note = {
  readonly bytes: number;
  /** Returns its bytes; undefined where they cannot be unpacked. */
  read(): Promise<Buffer | undefined>;
};

/** Takes down what an animation holds besides its pictures, as far as films have a place for it. */
export function animationNotes() {
  const tags = new Map<string, string>(); // of one name there may be several, each on a line of its own
  const others = new Set<string>();
  let xmp: Buffer | undefined;
  let notes = 0;
  let room = MOST_TEXT_BYTES;
  const tag = (name: string, value: string): void => {
    const bytes = Buffer.byteLength(value);
    if (bytes > room) others.add(`${name} (${bytes} bytes)`);
    else tags.set(name, [tags.get(name) ?? [], value].flat().join('\n'));
    room -= Math.min(room, bytes);
  };
  const read = async ({ bytes, read }: Note, name: string): Promise<Buffer | undefined> => {
    const found = bytes <= LARGEST && notes++ < MOST ? await read() : undefined;
    if (found === undefined && others.size < MOST) others.add(name);
    return found;
  };
  return {
    /** A text, under the name that ffmpeg has for it. */
    async text(name: string, note: Note): Promise<void> {
      const text = await read(note, name);
      const value =
        text && (isUtf8(text) ? text.toString('utf8') : text.toString('latin1')).replace(/\0.*$/s, '').trim();
      if (value) tag(name, value);
    },
    async xmp(note: Note): Promise<void> {
      xmp = (await read(note, 'XMP')) ?? xmp;
    },
    async exif(note: Note): Promise<void> {
      const bytes = await read(note, 'EXIF');
      if (!bytes) return;
      const { date, zone = '', ...texts } = exifIn(bytes);
      const tags = { ...texts, ...(date && { date: `${isoDate(date)}${zone}` }) };
      for (const [name, value] of Object.entries(tags)) tag(name, value);
      others.add('EXIF (but for camera, date and place)');
    },
    /** Something that no film has a place for, by what it is, and by its name within the file where it has one. */
    other(what: string, name?: string): void {
      if (others.size < MOST) others.add(name === undefined ? what : `${what} ${quoted(name)}`);
    },
    found: (): AnimationNotes => ({ tags: [...tags], ...(xmp && { xmp }), others: [...others] }),
  };
}

/** A name from within a file, whose letters are those of Latin-1; no name of these files has more than 79 (PNG 11.3.3.1). */
const quoted = (name: string): string =>
  `"${name.slice(0, 79).replace(/[\p{C}"\\]/gu, (each) => `\\x${each.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;

/** EXIF's date, which has its zone beside it, as ISO 8601 writes it. */
const isoDate = (date: string): string => date.replace(/^(\d{4}):(\d\d):(\d\d) /, '$1-$2-$3T');
