import { createHash } from 'node:crypto';
import { ServiceError } from '../../core/errors.ts';
import type { Source, StreamSurvey, Survey } from '../../core/ports/film-reader.ts';
import { isTextOfMovie } from '../../core/streams/text-of-movie.ts';
import { timesOfTexts } from './texts-of-mp4.ts';

/** The number of letters comes first. */
const EMPTY_TEXT_BYTES = 2;

/**
 * Returns the survey with the texts that an MP4 or MOV shows, and when, by its own tables: what its edit list hides does not count. What ffprobe told
 * stays where the tables cannot be read.
 */
export async function withTextTimes<Found extends Pick<Survey, 'streams'>>(
  ffmpeg: string,
  { path, probe }: Source,
  survey: Found,
  signal: AbortSignal,
): Promise<Found> {
  const { startSeconds } = probe;
  const found = new Map<number, Partial<StreamSurvey>>();
  for (const stream of probe.streams) {
    if (!isTextOfMovie(stream, probe) || stream.unusable) continue;
    try {
      const texts = await timesOfTexts(ffmpeg, { path, stream: stream.index, startSeconds }, signal);
      const shown = texts.filter(({ size }) => size > EMPTY_TEXT_BYTES);
      const textTimes = shown.flatMap(({ from, to }) => [from, to]);
      found.set(stream.index, { ...packetsOf(shown), textTimes });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    }
  }
  if (found.size === 0) return survey;
  const streams = survey.streams.map((each) => (each.packets > 0 ? { ...each, ...found.get(each.stream) } : each));
  return { ...survey, streams };
}

function packetsOf(texts: Awaited<ReturnType<typeof timesOfTexts>>): Partial<StreamSurvey> {
  const hash = createHash('sha256');
  for (const { sha256 } of texts) hash.update(sha256);
  // a track that shows no text has packets nevertheless
  return { packets: Math.max(1, texts.length), sha256: hash.digest('hex'), hiddenPackets: 0 };
}
