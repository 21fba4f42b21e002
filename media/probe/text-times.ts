import { ServiceError } from '../../core/errors.ts';
import type { Source, Survey } from '../../core/ports/film-reader.ts';
import { isTextOfMovie } from '../../core/streams/text-of-movie.ts';
import { timesOfTexts } from './texts-of-mp4.ts';

/** The number of letters comes first. */
const EMPTY_TEXT_BYTES = 2;

/**
 * Returns the survey with the times at which an MP4 or MOV shows its texts by its own tables. Those that ffprobe told stay where the tables cannot
 * be read.
 */
export async function withTextTimes<Found extends Pick<Survey, 'streams'>>(
  ffmpeg: string,
  { path, probe }: Source,
  survey: Found,
  signal: AbortSignal,
): Promise<Found> {
  const { startSeconds } = probe;
  const times = new Map<number, readonly number[]>();
  for (const stream of probe.streams) {
    if (!isTextOfMovie(stream, probe) || stream.unusable) continue;
    try {
      const texts = await timesOfTexts(ffmpeg, { path, stream: stream.index, startSeconds }, signal);
      const shown = texts.filter(({ size }) => size > EMPTY_TEXT_BYTES);
      times.set(
        stream.index,
        shown.flatMap(({ from, to }) => [from, to]),
      );
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    }
  }
  if (times.size === 0) return survey;
  const streams = survey.streams.map((each) => {
    const textTimes = times.get(each.stream);
    return textTimes ? { ...each, textTimes } : each;
  });
  return { ...survey, streams };
}
