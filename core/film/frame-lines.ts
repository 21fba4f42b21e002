import { parseRational } from '../units.ts';
import type { SeenKeyframe } from './kind-counter.ts';

const COLOURS = 'color_range,color_space,color_primaries,color_transfer';

/** ffprobe's arguments for the lines that `frameReader` reads, to go before those of the input. */
export const FRAME_LINES: readonly string[] = [
  '-show_entries',
  `frame=width,height,pix_fmt,sample_aspect_ratio,best_effort_timestamp_time,${COLOURS}:frame_side_data=rotation`,
  ...['-of', 'compact=p=0'],
];

type FrameReader = {
  readonly line: (line: string) => void;
  /** Hands the last picture on. */
  readonly end: () => void;
};

/**
 * Returns a reader of ffprobe's lines about decoded pictures, which hands each on when its lines are over: side data may have
 * lines of their own behind it. `startSeconds` is when the file begins by its own clock.
 */
export function frameReader(startSeconds: number, onPicture: (picture: SeenKeyframe) => void): FrameReader {
  let picture: SeenKeyframe | undefined;
  const end = () => {
    if (picture) onPicture(picture);
    picture = undefined;
  };
  return {
    line: (line) => {
      const fields = new Map(line.split('|').map((field) => [nameIn(field), field.slice(nameIn(field).length + 1)]));
      const seen = pictureIn(fields, startSeconds);
      if (seen) end();
      picture = seen ?? picture;
      const angle = numberOf(fields.get('rotation'));
      if (picture && angle !== undefined) picture = { ...picture, angle };
    },
    end,
  };
}

const nameIn = (field: string): string => field.split('=', 1)[0] ?? '';

function pictureIn(fields: ReadonlyMap<string, string>, startSeconds: number): SeenKeyframe | undefined {
  const [width, height] = [numberOf(fields.get('width')), numberOf(fields.get('height'))];
  const pixelFormat = fields.get('pix_fmt');
  if (width === undefined || height === undefined || pixelFormat === undefined) return undefined;
  const seconds = numberOf(fields.get('best_effort_timestamp_time'));
  const said = (name: string) => fields.get(name) ?? 'unknown';
  return {
    ...{ width, height, pixelFormat },
    sar: parseRational(fields.get('sample_aspect_ratio')) ?? { num: 1, den: 1 },
    range: fields.get('color_range') === 'pc' || pixelFormat.startsWith('yuvj') ? 'pc' : 'tv',
    colours: { matrix: said('color_space'), primaries: said('color_primaries'), transfer: said('color_transfer') },
    seconds: seconds === undefined ? undefined : seconds - startSeconds,
    angle: undefined,
  };
}

/** The number in a field; undefined where there is none, or "N/A". */
function numberOf(field: string | undefined): number | undefined {
  const number = Number.parseFloat(field ?? '');
  return Number.isFinite(number) ? number : undefined;
}
