import { COLOUR_FIELDS, type ColourField, isNamed } from './colour-codes.ts';
import { hdrKind } from './hdr.ts';
import { isRgb } from './pixel-format.ts';
import type { Colour, VideoFacts } from './probe.ts';

/** What ffprobe says of the colours of a stream. */
type SaidByFfprobe = Readonly<
  Partial<
    Record<
      'color_primaries' | 'color_transfer' | 'color_space' | 'color_range' | 'chroma_location' | 'pix_fmt',
      string | undefined
    >
  >
>;

/**
 * Returns the colours of a stream. `shown` is the transfer that its first picture is shown by, which counts where the stream's own word is
 * SDR: broadcasts of HLG name BT.2020 there, and HLG in a message among the pictures (alternative transfer characteristics, ETSI
 * TS 101 154), which ffprobe reads with the picture.
 */
export function probedColour(stream: SaidByFfprobe, shown: string | undefined): Colour {
  // yuvj420p and the other yuvj formats are full range by definition
  const range = stream.color_range === 'pc' || stream.pix_fmt?.startsWith('yuvj') ? 'pc' : known(stream.color_range);
  const transfer = meant('transfer', stream.color_transfer, stream);
  return {
    primaries: meant('primaries', stream.color_primaries, stream),
    transfer: hdrKind(shown) && !hdrKind(transfer) ? shown : transfer,
    matrix: meant('matrix', stream.color_space, stream),
    range: range === 'pc' || range === 'tv' ? range : undefined,
    chromaLocation: known(stream.chroma_location),
  };
}

/**
 * Returns the matrix that the decoder gives the first picture, where it is another one than the stream's: the decoder of VP8 knows only that
 * of BT.601 (RFC 6386 9.2), whatever the container says.
 */
export function otherMatrix(
  { color_space: said }: SaidByFfprobe,
  decoded: string | undefined,
): Pick<VideoFacts, 'decodedMatrix'> {
  const matrix = known(decoded);
  return matrix === undefined || matrix === known(said) ? {} : { decodedMatrix: matrix };
}

/** Returns the fields of a stream's colours whose codes mean nothing, and which decoders hand on all the same. */
export function meaninglessColours(stream: SaidByFfprobe): Pick<VideoFacts, 'colourMeaningless'> {
  const said = { primaries: stream.color_primaries, transfer: stream.color_transfer, matrix: stream.color_space };
  const fields = COLOUR_FIELDS.filter(
    (what) => !SAYS_NOTHING.test(said[what] ?? '') && meant(what, said[what], stream) === undefined,
  );
  return fields.length > 0 ? { colourMeaningless: fields } : {};
}

/**
 * Returns a name where it means something: H.273 reserves codes, which ffprobe calls "reserved" or by their number, and its code for red,
 * green and blue fits no other picture.
 */
function meant(what: ColourField, name: string | undefined, { pix_fmt = '' }: SaidByFfprobe): string | undefined {
  if (name === undefined || !isNamed(what, name)) return undefined;
  const isOfOtherPicture =
    what === 'matrix' && name === 'gbr' && pix_fmt !== '' && !isRgb(pix_fmt) && !/^xyz/.test(pix_fmt);
  return isOfOtherPicture ? undefined : name;
}

const SAYS_NOTHING = /^(unknown|unspecified|)$/;

const known = (name: string | undefined) => (name && !/^(unknown|reserved|unspecified)$/.test(name) ? name : undefined);
