import { usage } from '../errors.ts';
import { steadyFilters } from '../film/changing-picture.ts';
import type { CropArea } from '../film/crop-area.ts';
import type { Colour, VideoFacts } from '../film/probe.ts';
import type { Settings } from '../settings/settings.ts';
import type { Rational } from '../units.ts';
import { isPal, shownColour } from './assumed-colour.ts';
import { type Deinterlacing, deinterlacingFilters } from './deinterlacing.ts';

/** The picture after restoration, before any other processing. */
type RestoredPicture = {
  readonly width: number;
  readonly height: number;
  readonly sar: Rational;
  readonly colour: Colour;
  /** ffmpeg filters in this order: deinterlacing, crop, colour, pixel shape, noise. */
  readonly filters: readonly string[];
  /** The number of frames on either side that the filters look at. */
  readonly margin: number;
};

type RestorationInput = {
  readonly settings: Partial<Settings>;
  /** What becomes of the source's fields, if something does. */
  readonly deinterlacing?: Deinterlacing | undefined;
  /** The area without black bars, where its detection was asked for. */
  readonly crop?: CropArea | undefined;
};

/**
 * The restoration that settings ask for, and the deinterlacing. Throws `usage`
 * for a crop outside of the picture, and for colours that cannot be converted.
 */
export function restoredPicture(
  video: VideoFacts,
  { settings, deinterlacing, crop: found }: RestorationInput,
): RestoredPicture {
  const { desqueeze, denoise, colour: wantedColour } = settings;
  const fields = deinterlacingFilters(deinterlacing);
  const crop = cropOf(settings, found, video);
  const size = { width: crop?.width ?? video.width, height: crop?.height ?? video.height };
  const square = desqueeze === true && video.sar.num !== video.sar.den;
  const width = square ? even((size.width * video.sar.num) / video.sar.den) : size.width;
  const grain = denoise === undefined || denoise === 'none' ? undefined : DENOISE[denoise];
  const converts = wantedColour === 'bt709' && !isBt709(video);
  return {
    width,
    height: size.height,
    sar: square ? { num: 1, den: 1 } : video.sar,
    colour: converts ? { ...video.colour, ...BT709 } : video.colour,
    filters: [
      ...steadyFilters(video),
      ...fields.filters,
      crop && `crop=${crop.width}:${crop.height}:${crop.left}:${crop.top}`,
      converts && toBt709(video),
      square && `zscale=w=${width}:h=${size.height}:filter=lanczos`,
      square && 'setsar=1/1',
      grain?.filter,
    ].filter((filter) => typeof filter === 'string'),
    margin: fields.margin + (grain?.margin ?? 0),
  };
}

/**
 * Averages neighbouring frames where they hardly differ. The filter has no memory beyond its window, so segments can be
 * filtered separately.
 */
const DENOISE = {
  light: { filter: 'atadenoise=s=5', margin: 2 },
  strong: { filter: 'atadenoise=0a=0.04:0b=0.08:1a=0.04:1b=0.08:2a=0.04:2b=0.08:s=9', margin: 4 },
} as const;

function cropOf({ crop }: Partial<Settings>, found: CropArea | undefined, video: VideoFacts): CropArea | undefined {
  if (crop === undefined || crop === 'none') return undefined;
  if (crop === 'auto') return found;
  const { width, height, left, top } = crop;
  if (left + width <= video.width && top + height <= video.height) return crop;
  throw usage(
    `crop=${width}:${height}:${left}:${top} reaches outside of the picture, which is ${video.width}x${video.height}`,
  );
}

const even = (value: number) => Math.max(2, 2 * Math.round(value / 2));

const BT709 = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709' } as const;

const isBt709 = (video: VideoFacts) => shownColour(video).matrix === 'bt709';

/** Converts standard-definition colour to BT.709 with zscale. */
function toBt709({ colour, height }: VideoFacts): string {
  const usual = isPal(height) ? 'bt470bg' : 'smpte170m';
  const [matrix, primaries] = [colour.matrix ?? usual, colour.primaries ?? usual];
  const from = [named(MATRICES, 'matrix', matrix), named(PRIMARIES, 'set of primaries', primaries), '601'];
  return `zscale=min=${from[0]}:pin=${from[1]}:tin=${from[2]}:m=709:p=709:t=709:f=bicubic:d=none`;
}

const MATRICES: Readonly<Record<string, string>> = { smpte170m: '170m', bt470bg: '470bg' };
const PRIMARIES: Readonly<Record<string, string>> = { ...MATRICES, bt709: '709' };

function named(names: Readonly<Record<string, string>>, what: string, value: string): string {
  const name = names[value];
  if (name !== undefined) return name;
  throw usage(`colour=bt709 is for BT.601; the source's ${what} is ${value}; use colour=keep`);
}
