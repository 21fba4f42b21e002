import type { ByteSource } from './byte-source.ts';
import { begins } from './recognise.ts';

/** Something that is no video, by its name in a sentence ("X is ..., not a video"), and what to do instead. */
export type Impostor = { readonly what: string; readonly advice?: string };

const TEXT_BYTES = 4096;
const DISC_IMAGE_MARK_AT = 32_769;

/** What a file is that belongs to no family; undefined if it is unknown. Only for the sentence: nothing is decided by it. */
export async function impostorOf(source: ByteSource): Promise<Impostor | undefined> {
  const head = await source.read(0, TEXT_BYTES);
  const binary = BINARIES.find(([, ...marks]) => marks.some((is) => is(head)));
  if (binary)
    return { what: binary[0], ...(UNPACK.has(binary[0]) ? { advice: 'unpack it and drop what is inside' } : {}) };
  const text = textOf(head);
  if (text !== undefined) return { what: TEXTS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'a text file' };
  const mark = await source.read(DISC_IMAGE_MARK_AT, 5);
  return mark.toString('latin1') === 'CD001' ? { what: 'a disc image', advice: 'drop the videos inside' } : undefined;
}

type Is = (head: Buffer) => boolean;

const riff =
  (form: string): Is =>
  (head) =>
    begins('RIFF')(head) && begins(form, 8)(head);
const iff =
  (form: string): Is =>
  (head) =>
    begins('FORM')(head) && begins(form, 8)(head);

/** Eleven bits of sync, then no reserved version or layer and no impossible rate. ISO/IEC 11172-3 2.4.2.3. */
const isMpegAudio: Is = ([first = 0, second = 0, third = 0]) =>
  first === 0xff &&
  second >= 0xe0 &&
  (second & 0x18) !== 0x08 &&
  [0x02, 0x04].includes(second & 0x06) && // layers III and II
  third >> 4 !== 15 &&
  (third & 0x0c) !== 0x0c;
const isAdts: Is = ([first = 0, second = 0]) => first === 0xff && (second & 0xf6) === 0xf0;

const BINARIES: readonly (readonly [string, ...Is[]])[] = [
  ['a JPEG picture', begins('\xff\xd8\xff')],
  ['a PNG picture', begins('\x89PNG\r\n\x1a\n')],
  ['a GIF picture', begins('GIF87a'), begins('GIF89a')],
  ['a WebP picture', riff('WEBP')],
  ['a TIFF or raw camera picture', begins('II*\0'), begins('MM\0*'), begins('II+\0'), begins('MM\0+')],
  ['a BMP picture', (head) => begins('BM')(head) && begins('\0\0\0\0', 6)(head)],
  ['a JPEG 2000 picture', begins('\0\0\0\x0cjP  \r\n'), begins('\xff\x4f\xff\x51')],
  ['a JPEG XL picture', begins('\0\0\0\x0cJXL '), begins('\xff\x0a')],
  ['a Photoshop picture', begins('8BPS')],
  ['an OpenEXR picture', begins('\x76\x2f\x31\x01')],
  ['a DPX picture', begins('SDPX'), begins('XPDS')],
  ['a GIMP picture', begins('gimp xcf')],
  ['a PNM picture', (head) => /^P[1-7]\s/.test(head.toString('latin1', 0, 3))],
  ['a PDF document', begins('%PDF-')],
  ['a WAV audio file', riff('WAVE'), (head) => begins('RF64')(head) && begins('WAVE', 8)(head)],
  ['an AIFF audio file', iff('AIFF'), iff('AIFC')],
  ['a FLAC audio file', begins('fLaC')],
  ['an AAC audio file', isAdts],
  ['an MP3 audio file', begins('ID3'), isMpegAudio],
  ['an AC-3 audio file', begins('\x0b\x77')],
  ['an M4A audio file', begins('ftypM4A ', 4), begins('ftypM4B ', 4), begins('ftypM4P ', 4)],
  ['a MIDI file', begins('MThd')],
  ['an AMR audio file', begins('#!AMR')],
  ['a Core Audio file', begins('caff')],
  ['a ZIP archive', begins('PK\x03\x04'), begins('PK\x05\x06')],
  ['a RAR archive', begins('Rar!\x1a\x07')],
  ['a 7z archive', begins('7z\xbc\xaf\x27\x1c')],
  ['a gzip archive', begins('\x1f\x8b')],
  ['an xz archive', begins('\xfd7zXZ\0')],
  ['a Zstandard archive', begins('\x28\xb5\x2f\xfd')],
  ['a tar archive', begins('ustar', 257)],
  ['a program', begins('\x7fELF'), begins('MZ')],
  ['a SQLite database', begins('SQLite format 3\0')],
  ["a macOS metadata file (AppleDouble: the video's name begins without ._)", begins('\0\x05\x16\x07')],
];

const UNPACK: ReadonlySet<string> = new Set(BINARIES.map(([what]) => what).filter((what) => what.endsWith(' archive')));

/** In this order: the first that fits is what the file is called. */
const TEXTS: readonly (readonly [string, RegExp])[] = [
  ['an HLS playlist', /^#EXTM3U[\s\S]*#EXT-X-/],
  ['an M3U playlist', /^#EXTM3U/],
  ['a DASH manifest', /<MPD[\s>]/],
  ['an ffconcat script', /^ffconcat version/],
  ['an ffmpeg concat script', /^file\s+\S/],
  ['an SDP session description', /^v=0\r?\n/],
  ['a PLS playlist', /^\[playlist\]/i],
  ['an XSPF playlist', /<playlist[\s>]/i],
  ['an ASX playlist', /^<asx[\s>]/i],
  ['a SMIL presentation', /<smil[\s>]/i],
  ['a WebVTT subtitle file', /^WEBVTT/],
  ['an SRT subtitle file', /^\d+\r?\n\d\d:\d\d:\d\d,\d{3} -->/],
  ['an ASS subtitle file', /^\[Script Info\]/i],
  ['an ffmpeg metadata file', /^;FFMETADATA/],
  ['an SVG picture', /<svg[\s>]/i],
  ['a web page', /^<!doctype html|<html[\s>]/i],
  ['an XML file', /^<\?xml/],
  ['a JSON file', /^[[{]/],
];

/** The text a file begins with; undefined if control characters show that it is none. */
function textOf(head: Buffer): string | undefined {
  if (begins('\xff\xfe')(head)) return trimmed(head.toString('utf16le', 2));
  if (begins('\xfe\xff')(head))
    return trimmed(
      Buffer.from(head.subarray(2, 2 + ((head.length - 2) & ~1)))
        .swap16()
        .toString('utf16le'),
    );
  const control = head.some((byte) => (byte < 0x20 && !WHITE.has(byte)) || byte === 0x7f);
  return control ? undefined : trimmed(head.toString('utf8'));
}

const WHITE: ReadonlySet<number> = new Set([...'\t\n\v\f\r\x1b'].map((character) => character.charCodeAt(0)));
const trimmed = (text: string) => text.replace(/^\ufeff?\s*/, '');
