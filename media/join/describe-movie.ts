import { withOpusEnds } from '../../core/bytes/opus-end.ts';
import { withChapterStart } from '../../core/description/chapter-start.ts';
import { withHeaders } from '../../core/description/movie-headers.ts';
import { withExtendedLanguages } from '../../core/description/movie-languages.ts';
import { withMetadata } from '../../core/description/movie-metadata.ts';
import { withReelName } from '../../core/description/reel-name.ts';
import { withTimecodeHandler } from '../../core/description/timecode-handler.ts';
import { withTimecodePlace } from '../../core/description/timecode-place.ts';
import type { JoinPlan } from '../../core/encode/join-plan.ts';
import { withPictureBox } from '../../core/film/shown-part.ts';
import { withSpherical } from '../../core/film/spherical.ts';
import { isInMatroska } from '../../core/settings/delivery.ts';
import { editMovie } from './edit-movie.ts';

/** Writes into an MP4 or MOV what ffmpeg cannot: the marks of a sphere, languages with regions, and the boxes by which the source describes the film. */
export async function describeMovie(
  {
    container,
    output,
    spherical,
    metadata = [],
    languages = new Map(),
    headers = new Map(),
    clap,
    fiel,
    light = [],
    spatial = [],
    reel,
    timecodeHandler,
    opusEnds = new Map(),
    hasChapters = false,
  }: JoinPlan,
  signal: AbortSignal,
): Promise<void> {
  const isMarked =
    hasChapters ||
    light.length + spatial.length > 0 ||
    [spherical, clap, fiel, reel, timecodeHandler].some((mark) => mark !== undefined);
  const isAsItIs = !isMarked && metadata.length + languages.size + headers.size + opusEnds.size === 0;
  if (isInMatroska(container) || isAsItIs) return;
  const edit = (moov: Buffer) => {
    const ended = opusEnds.size > 0 ? withOpusEnds(moov, opusEnds) : moov;
    const marked = spherical ? withSpherical(ended, spherical) : ended;
    const pictured = [clap, fiel, ...light, ...spatial].reduce(
      (all: Buffer, box) => (box ? withPictureBox(all, box) : all),
      marked,
    );
    const described = withMetadata(pictured, metadata);
    const named = reel === undefined ? described : withReelName(described, reel);
    const handled = timecodeHandler === undefined ? named : withTimecodeHandler(named, timecodeHandler, container);
    const placed = timecodeHandler === undefined ? handled : withTimecodePlace(handled);
    const started = hasChapters ? withChapterStart(placed) : placed;
    return withHeaders(withExtendedLanguages(started, languages), headers);
  };
  const appended = metadata.flatMap(({ place, bytes }) => (place === 'file' && bytes ? [bytes] : []));
  await editMovie(output, edit, { appended, keepsTables: true, signal });
}
