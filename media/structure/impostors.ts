import { adtsHeader, mpegAudioHeader } from '../../core/film/sound-headers.ts';
import type { ByteSource } from './byte-source.ts';
import { asMotionPhoto, filmBehindPicture, isJpeg } from './motion-photos.ts';
import { beginsWith, type HeadTest, riffOf } from './recognise.ts';
import { UNREAD_FILMS } from './unread-films.ts';

/** A kind of file that is no video, or none that is read: its name for the sentence "X is ..., not a video", and what to do instead. */
type Impostor = { readonly what: string; readonly advice?: string; readonly isUnread?: true };

const TEXT_BYTES = 4096;
const DISC_IMAGE_MARK_AT = 32_769;

/** Names what a file without a known family is, for the message alone; undefined if it is unknown. */
export async function impostorOf(source: ByteSource): Promise<Impostor | undefined> {
  const head = await source.read(0, TEXT_BYTES);
  const [unread, advice] = UNREAD_FILMS.find(([, , ...marks]) => marks.some((is) => is(head))) ?? [];
  if (unread !== undefined && advice !== undefined) return { what: unread, advice, isUnread: true };
  const film = isJpeg(head) ? await filmBehindPicture(source) : undefined;
  if (film) return asMotionPhoto(film);
  const binary = BINARIES.find(([, ...marks]) => marks.some((is) => is(head)));
  if (binary) return { what: binary[0], ...adviceOn(binary[0]) };
  const text = textOf(head);
  if (text !== undefined) return { what: TEXTS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'a text file' };
  const mark = await source.read(DISC_IMAGE_MARK_AT, 5);
  return mark.toString('latin1') === 'CD001' ? { what: 'a disc image', advice: 'drop the videos inside' } : undefined;
}

const iff =
  (form: string): HeadTest =>
  (head) =>
    beginsWith('FORM')(head) && beginsWith(form, 8)(head);

const isMpegAudio: HeadTest = (head) => {
  const { layer, hasBitRate } = mpegAudioHeader(head) ?? {};
  return (layer === 2 || layer === 3) && hasBitRate === true;
};
const isAdts: HeadTest = (head) => adtsHeader(head) !== undefined;

const BINARIES: readonly (readonly [string, ...HeadTest[]])[] = [
  ['a JPEG picture', isJpeg],
  ['a PNG picture', beginsWith('\x89PNG\r\n\x1a\n')],
  ['a GIF picture', beginsWith('GIF87a'), beginsWith('GIF89a')],
  ['a WebP picture', (head) => riffOf(head) === 'WEBP'],
  ['a TIFF or raw camera picture', beginsWith('II*\0'), beginsWith('MM\0*'), beginsWith('II+\0'), beginsWith('MM\0+')],
  ['a BMP picture', (head) => beginsWith('BM')(head) && beginsWith('\0\0\0\0', 6)(head)],
  ['a JPEG 2000 picture', beginsWith('\0\0\0\x0cjP  \r\n'), beginsWith('\xff\x4f\xff\x51')],
  ['a JPEG XL picture', beginsWith('\0\0\0\x0cJXL '), beginsWith('\xff\x0a')],
  ['a Photoshop picture', beginsWith('8BPS')],
  ['an OpenEXR picture', beginsWith('\x76\x2f\x31\x01')],
  ['a DPX picture', beginsWith('SDPX'), beginsWith('XPDS')],
  ['a GIMP picture', beginsWith('gimp xcf')],
  ['a PNM picture', (head) => /^P[1-7]\s/.test(head.toString('latin1', 0, 3))],
  ['a PDF document', beginsWith('%PDF-')],
  [
    'a WAV audio file',
    (head) => riffOf(head) === 'WAVE',
    (head) => beginsWith('RF64')(head) && beginsWith('WAVE', 8)(head),
  ],
  ['an AIFF audio file', iff('AIFF'), iff('AIFC')],
  ['a FLAC audio file', beginsWith('fLaC')],
  ['an AAC audio file', isAdts],
  ['an MP3 audio file', beginsWith('ID3'), isMpegAudio],
  ['an AC-3 audio file', beginsWith('\x0b\x77')],
  ['an M4A audio file', beginsWith('ftypM4A ', 4), beginsWith('ftypM4B ', 4), beginsWith('ftypM4P ', 4)],
  ['a MIDI file', beginsWith('MThd')],
  ['an AMR audio file', beginsWith('#!AMR')],
  ['a Core Audio file', beginsWith('caff')],
  ['a ZIP archive', beginsWith('PK\x03\x04'), beginsWith('PK\x05\x06')],
  ['a RAR archive', beginsWith('Rar!\x1a\x07')],
  ['a 7z archive', beginsWith('7z\xbc\xaf\x27\x1c')],
  ['a gzip archive', beginsWith('\x1f\x8b')],
  ['an xz archive', beginsWith('\xfd7zXZ\0')],
  ['a Zstandard archive', beginsWith('\x28\xb5\x2f\xfd')],
  ['a tar archive', beginsWith('ustar', 257)],
  ['a program', beginsWith('\x7fELF'), beginsWith('MZ')],
  ['a SQLite database', beginsWith('SQLite format 3\0')],
  ["a macOS metadata file (AppleDouble: the video's name begins without ._)", beginsWith('\0\x05\x16\x07')],
];

function adviceOn(what: string): Pick<Impostor, 'advice'> {
  if (UNPACK.has(what)) return { advice: 'unpack it and drop what is inside' };
  return FRAMES.has(what)
    ? { advice: 'drop the video itself, or name a sequence of pictures as frame_%05d.png (reelmill run)' }
    : {};
}

/** Pictures that a sequence may consist of. */
const FRAMES: ReadonlySet<string> = new Set(
  ['JPEG', 'PNG', 'TIFF or raw camera', 'DPX', 'OpenEXR'].map(
    (kind) => `${kind === 'OpenEXR' ? 'an' : 'a'} ${kind} picture`,
  ),
);

const UNPACK: ReadonlySet<string> = new Set(BINARIES.map(([what]) => what).filter((what) => what.endsWith(' archive')));

/** The first pattern that matches names the file. */
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

/** Returns the text with which a file begins; undefined if control characters show that it is no text. */
function textOf(head: Buffer): string | undefined {
  if (beginsWith('\xff\xfe')(head)) return trimmed(head.toString('utf16le', 2));
  if (beginsWith('\xfe\xff')(head))
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
