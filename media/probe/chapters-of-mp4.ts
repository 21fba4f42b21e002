import { join } from 'node:path';
import { chaptersOfTexts, type MovieChapters } from '../../core/description/movie-chapters.ts';
import { ServiceError } from '../../core/errors.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { withOwnFolder } from '../process/own-folder.ts';
import { readStoredTexts, shownTexts } from './texts-of-mp4.ts';

/**
 * Returns the chapters of an MP4 or MOV by the tables and the edit list of their track, as its other texts are read: ffmpeg's times are too early behind
 * a cut, and it tells chapters that the film no longer shows. Undefined where no track has chapters, or its tables cannot be read.
 */
export async function chaptersOfMp4(
  ffmpeg: string,
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  signal: AbortSignal,
): Promise<MovieChapters | undefined> {
  if (probe.chaptersOfTrack === undefined) return undefined;
  const track = probe.streams.find(({ holdsChapters, chaptersUnread }) => holdsChapters && !chaptersUnread);
  if (!track) return undefined;
  const { startSeconds } = probe;
  try {
    return await withOwnFolder('reelmill-chapters-', async (folder) => {
      const task = { path, stream: track.index, bytesTo: join(folder, 'texts') };
      const { texts, parts } = await readStoredTexts(ffmpeg, task, signal);
      const lasting = texts.map((text) => ({ ...text, to: Math.max(text.to, text.from + LEAST_SECONDS) }));
      const shown = shownTexts({ texts: lasting, parts }, { stream: track.index, startSeconds });
      return chaptersOfTexts(lasting, shown);
    });
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'bad-input') return undefined;
    throw error;
  }
}

/** A chapter that lasts no time, as the first of those within it begins with it, is one all the same. */
const LEAST_SECONDS = 1e-6;
