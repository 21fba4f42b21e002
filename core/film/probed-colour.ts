import { hdrKind } from './hdr.ts';
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
  const transfer = known(stream.color_transfer);
  return {
    primaries: known(stream.color_primaries),
    transfer: hdrKind(shown) && !hdrKind(transfer) ? shown : transfer,
    matrix: known(stream.color_space),
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

const known = (name: string | undefined) => (name && !/^(unknown|reserved|unspecified)$/.test(name) ? name : undefined);
