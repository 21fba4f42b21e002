import { fromWindows1252 } from '../windows-1252.ts';

/** What an ID3v2 says in texts, by ffprobe's names, and the frames that are no such texts. */
type Id3 = { readonly tags: Readonly<Record<string, string>>; readonly left: readonly string[] };

type Id3Frame = { readonly id: string; readonly data: Buffer; readonly isPlain: boolean };

const HEADER_BYTES = 10;
const [UNSYNCHRONISED, EXTENDED] = [0x80, 0x40];

/** Texts by their frames (ID3v2.3 4.2.1), the names of version 2.2 behind those of today. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ TIT2: 'title', TPE1: 'artist', TALB: 'album', TCON: 'genre', TRCK: 'track', TYER: 'date', TDRC: 'date' },
  ...{ TPE2: 'album_artist', TCOM: 'composer', TCOP: 'copyright', TPUB: 'publisher', TLAN: 'language', TPOS: 'disc' },
  ...{ TIT3: 'subtitle', TENC: 'encoded_by', TSSE: 'encoder', TEXT: 'lyricist', TDAT: 'day', TSRC: 'isrc' },
  ...{ TT2: 'title', TP1: 'artist', TAL: 'album', TCO: 'genre', TRK: 'track', TYE: 'date', TCM: 'composer' },
  ...{ TP2: 'album_artist', TCR: 'copyright', TPB: 'publisher', TT3: 'subtitle', TEN: 'encoded_by', TSS: 'encoder' },
};

const [COMMENT, OWN] = [/^COMM?$/, /^TXXX?$/];
const LANGUAGE_BYTES = 3;

/** Reads an ID3v2 (2.2 to 2.4). Frames that are no texts, pictures above all, and packed or encrypted ones are named by their ids. */
export function readId3(bytes: Buffer): Id3 {
  const tags = new Map<string, string>();
  const left = new Set<string>();
  for (const { id, data, isPlain } of framesIn(bytes)) {
    const [name, value] = isPlain ? textOf(id, data) : [undefined, ''];
    if (name === undefined) left.add(id);
    else if (value !== '' && !tags.has(name)) tags.set(name, value);
  }
  return { tags: Object.fromEntries(tags), left: [...left] };
}

function* framesIn(whole: Buffer): Generator<Id3Frame> {
  const version = whole[3] ?? 0;
  if (whole.length < HEADER_BYTES || whole.toString('latin1', 0, 3) !== 'ID3' || version < 2 || version > 4) return;
  const flags = whole.readUInt8(5);
  const body = whole.subarray(HEADER_BYTES, HEADER_BYTES + safe(whole, 6));
  const bytes = flags & UNSYNCHRONISED && version < 4 ? synchronised(body) : body;
  const [idBytes, headBytes] = version === 2 ? [3, 6] : [4, HEADER_BYTES];
  let at = flags & EXTENDED && version > 2 && bytes.length >= 4 ? extendedBytes(bytes, version) : 0;
  while (at + headBytes <= bytes.length) {
    const id = bytes.toString('latin1', at, at + idBytes);
    if (!/^[A-Z0-9]+$/.test(id)) return; // filled with zeros
    const size =
      version === 2 ? bytes.readUIntBE(at + 3, 3) : version === 3 ? bytes.readUInt32BE(at + 4) : safe(bytes, at + 4);
    const format = version === 2 ? 0 : bytes.readUInt8(at + 9);
    const data = bytes.subarray(at + headBytes, at + headBytes + size);
    yield { id, data, isPlain: format === 0 && data.length === size };
    at += headBytes + size;
  }
}

/** Four bytes of seven bits. */
const safe = (bytes: Buffer, at: number): number =>
  bytes.subarray(at, at + 4).reduce((value, byte) => value * 128 + (byte & 0x7f), 0);

const extendedBytes = (bytes: Buffer, version: number): number =>
  version === 3 ? 4 + bytes.readUInt32BE(0) : safe(bytes, 0);

/** Without the zeros that keep players of MPEG audio from taking it for sound. */
const synchronised = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.filter((byte, i) => !(byte === 0 && bytes[i - 1] === 0xff)));

function textOf(id: string, data: Buffer): readonly [name: string | undefined, value: string] {
  const letters = data[0] ?? 0;
  if (COMMENT.test(id)) {
    const [about = '', ...texts] = textsIn(data.subarray(1 + LANGUAGE_BYTES), letters);
    return [about === '' ? 'comment' : about, texts.join('; ')];
  }
  const texts = textsIn(data.subarray(1), letters);
  if (OWN.test(id)) return [texts[0] || undefined, texts.slice(1).join('; ')];
  return [NAMES[id] ?? (id.startsWith('T') ? id : undefined), texts.join('; ')];
}

/**
 * Texts that zeros part, by the first byte of the frame: ISO 8859-1, UTF-16 with its order of bytes, UTF-16, UTF-8. Programs of
 * Windows write their own page where ISO 8859-1 is said, and ISO 8859-1 has no letters of its own where the two differ.
 */
function textsIn(data: Buffer, letters: number): readonly string[] {
  const text =
    letters === 1 || letters === 2
      ? utf16(data, letters === 2)
      : letters === 3
        ? data.toString('utf8')
        : fromWindows1252(data);
  const texts = text.split('\0').map((each) => each.replace(/^\ufeff/, '').trim());
  return texts.at(-1) === '' ? texts.slice(0, -1) : texts;
}

function utf16(data: Buffer, isPlain: boolean): string {
  const even = data.subarray(0, data.length - (data.length % 2));
  const isBig = isPlain || (even[0] === 0xfe && even[1] === 0xff);
  return (isBig ? Buffer.from(even).swap16() : even).toString('utf16le').replaceAll('\ufffe', '');
}
