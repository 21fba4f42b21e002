import type { Probe } from '../film/probe.ts';

/** An attribute of an ASF film that is a text: its name and its value. */
export type AsfText = { readonly name: string; readonly value: string };

/** Why what a WMV says is in no rendition. */
export const ASF_ALONE = 'ASF alone has a place for it; keep the source';

/** ffmpeg's names of attributes; it writes others by their own. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['WM/AlbumArtist', 'album_artist'],
  ['WM/AlbumTitle', 'album'],
  ['Author', 'artist'],
  ['Description', 'comment'],
  ['WM/Composer', 'composer'],
  ['WM/EncodedBy', 'encoded_by'],
  ['WM/Genre', 'genre'],
  ['WM/Language', 'language'],
  ['WM/PartOfSet', 'disc'],
  ['WM/Publisher', 'publisher'],
  ['WM/TrackNumber', 'track'],
]);

/** Returns the probe of an ASF with all values of attributes that have several, of which ffprobe tells one. */
export function withAsfTexts(probe: Probe, texts: readonly AsfText[]): Probe {
  const found = new Map<string, Set<string>>();
  for (const { name, value } of texts) {
    const own = (NAMES.get(name) ?? name).toLowerCase();
    found.set(own, (found.get(own) ?? new Set()).add(value));
  }
  const several = [...found].flatMap(([name, values]) => (values.size > 1 ? [[name, [...values]] as const] : []));
  if (several.length === 0) return probe;
  const joined = Object.fromEntries(several.map(([name, values]) => [name, values.join(';')]));
  return { ...probe, tags: { ...probe.tags, ...joined }, severalValues: several };
}

/** Reads the Content Description Object (ASF specification 3.10): five lengths, and five texts. */
export function describedTexts(body: Buffer): readonly AsfText[] {
  const names = ['Title', 'Author', 'Copyright', 'Description', 'Rating'];
  if (body.length < 2 * names.length) return [];
  let at = 2 * names.length;
  return names.flatMap((name, i) => {
    const bytes = body.readUInt16LE(2 * i);
    const value = textOf(body.subarray(at, at + bytes));
    at += bytes;
    return value === '' ? [] : [{ name, value }];
  });
}

/** Reads the texts of the Extended Content Description Object (3.11). */
export const extendedTexts = (body: Buffer): readonly AsfText[] =>
  entriesIn(body, (at) => {
    const nameBytes = body.readUInt16LE(at);
    const typeAt = at + 2 + nameBytes;
    return {
      ...{ name: at + 2, nameBytes, type: body.readUInt16LE(typeAt) },
      ...{ value: typeAt + 4, valueBytes: body.readUInt16LE(typeAt + 2) },
    };
  });

/** Reads the texts of the whole film in the Metadata Library Object (4.8), or in the Metadata Object (4.7), which has the same form. */
export const libraryTexts = (body: Buffer): readonly AsfText[] =>
  entriesIn(body, (at) => {
    const nameBytes = body.readUInt16LE(at + 4);
    const name = at + LIBRARY_HEAD;
    const type = body.readUInt16LE(at + 2) === 0 ? body.readUInt16LE(at + 6) : NO_TEXT;
    return { name, nameBytes, type, value: name + nameBytes, valueBytes: body.readUInt32LE(at + 8) };
  });

const LIBRARY_HEAD = 12;
const [TEXT, NO_TEXT] = [0, 0xffff];
const MOST_ENTRIES = 1000;

type EntryPlaces = Readonly<Record<'name' | 'nameBytes' | 'type' | 'value' | 'valueBytes', number>>;

/** The entries behind their count; what is damaged ends the list. */
function entriesIn(body: Buffer, placesAt: (at: number) => EntryPlaces): readonly AsfText[] {
  const found: AsfText[] = [];
  try {
    const count = Math.min(body.readUInt16LE(0), MOST_ENTRIES);
    for (let i = 0, at = 2; i < count; i++) {
      const { name, nameBytes, type, value, valueBytes } = placesAt(at);
      at = value + valueBytes;
      const text = type === TEXT ? textOf(body.subarray(value, at)) : '';
      if (text !== '') found.push({ name: textOf(body.subarray(name, name + nameBytes)), value: text });
    }
  } catch {
    return found; // a number behind the end
  }
  return found;
}

const textOf = (bytes: Buffer): string => bytes.toString('utf16le').replace(/\0.*$/s, '');
