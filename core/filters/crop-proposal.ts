import type { CropArea, CropProposal } from '../film/crop-area.ts';
import type { Size } from '../film/frame-size.ts';

/** A proposal that leaves less than this share of the picture is refused: the film is very dark, and has no bars. */
const LEAST_SHARE = 0.25;
/** 2.4:1 within 4:3 is 56 % of the picture; what leaves less is worth a look. */
const USUAL_SHARE = 0.5;

/** Returns the part that is kept, undefined for the whole picture, and what people are told of it. */
export function judgedCrop(
  { area }: CropProposal,
  { width, height }: Size,
): { readonly crop: CropArea | undefined; readonly warnings: readonly string[] } {
  const share = (area.width * area.height) / (width * height);
  const found = `${area.width}x${area.height} of ${width}x${height} (${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %)`;
  const named = `crop=${area.width}:${area.height}:${area.left}:${area.top}`;
  if (share < LEAST_SHARE) {
    const why = `crop=auto found no more than ${found} that is not black, too little to be a film between bars: nothing is cropped; ask for ${named} if it is right`;
    return { crop: undefined, warnings: [why] };
  }
  const look = `crop=auto keeps ${found}: see the picture in the report; take crop=none or a part of your own if it cuts too much`;
  return { crop: area, warnings: share < USUAL_SHARE ? [look] : [] };
}
