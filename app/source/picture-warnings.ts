import { blankingTold } from '../../core/film/blanking-lines.ts';
import type { Stream, VideoFacts } from '../../core/film/probe.ts';
import { hasSidecars } from '../../core/settings/delivery.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { JobRequest } from '../job-request.ts';

/** Returns warnings about captions inside the pictures that are lost, and about lines of a recording that are no picture. */
export function pictureWarnings(
  { codec, video }: Stream & { readonly video: VideoFacts },
  { recipe }: JobRequest,
  { crop }: Partial<Settings>,
): readonly string[] {
  const keepsCaptions = recipe.streams === true || recipe.renditions.some(({ delivery }) => hasSidecars(delivery));
  return [
    video.hasClosedCaptions &&
      !keepsCaptions &&
      'the closed captions inside the pictures (CEA-608/708) are lost: the encoder does not carry them',
    crop === undefined && blankingTold({ codec, video }),
  ].filter((warning) => typeof warning === 'string');
}
