import { boxesOf } from '../bytes/boxes.ts';
import type { Size } from '../film/frame-size.ts';
import type { PictureShape, Probe } from '../film/probe.ts';
import { edgesOfClap } from '../film/shown-part.ts';
import type { MetadataBox } from './metadata.ts';

const OF_ANOTHER_SIZE = 'its sizes are those of the whole picture of the source, and this one has another';

/** The picture that is encoded again: its stream, the box for its shown part, and whether its size stays. */
type Recoded = { readonly stream: number; readonly clap: Buffer | undefined; readonly isWhole: boolean };

/**
 * Returns the boxes of a movie without those of QuickTime's apertures (`tapt`) that say what the picture says of itself, as nearly
 * all do. One that says more, such as another shape, holds for a picture of the same size.
 */
export const withApertures = (boxes: readonly MetadataBox[], probe: Probe, main: Recoded): readonly MetadataBox[] =>
  boxes.flatMap((box) => {
    const { place, type, bytes } = box;
    if (type !== 'tapt' || typeof place !== 'number') return [box];
    const video = probe.streams[place]?.video;
    const isMain = place === main.stream;
    if (video && bytes && saysTheSame(bytes, video, isMain ? main.clap : undefined)) return [];
    return [isMain && !main.isWhole ? { ...box, leftOut: OF_ANOTHER_SIZE } : box];
  });

/** Whether all sizes are the picture's: as encoded, with its pixels made square, or of its shown part. */
function saysTheSame(tapt: Buffer, video: PictureShape, clap: Buffer | undefined): boolean {
  const { width, height, sar } = video;
  const square = (columns: number) => (columns * sar.num) / sar.den;
  const edges = clap && edgesOfClap(clap, video);
  const produced = { width: square(width), height };
  const clean = edges && {
    width: square(width - edges.left - edges.right),
    height: height - edges.top - edges.bottom,
  };
  const shown = clean ? [produced, clean] : [produced];
  return sizesIn(tapt).every(({ type, ...size }) =>
    (type === 'enof' ? [...shown, { width, height }] : shown).some((each) => isNear(each, size)),
  );
}

const isNear = (a: Size, b: Size): boolean => Math.abs(a.width - b.width) <= 1 && Math.abs(a.height - b.height) <= 1;

/** Reads the sizes, which have 16 bits behind the point (QuickTime File Format, "Track Aperture Mode Dimensions Atom"). */
function sizesIn(tapt: Buffer): readonly (Size & { readonly type: string })[] {
  const [whole] = boxesOf(tapt, 0, tapt.length);
  return (whole ? boxesOf(tapt, whole.body, whole.end) : []).flatMap(({ type, body, end }) =>
    end - body < 12
      ? []
      : [{ type, width: tapt.readUInt32BE(body + 4) / 0x1_0000, height: tapt.readUInt32BE(body + 8) / 0x1_0000 }],
  );
}
