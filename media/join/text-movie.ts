import { rm, writeFile } from 'node:fs/promises';
import { textMovie } from '../../core/bytes/text-movie.ts';
import { ServiceError } from '../../core/errors.ts';
import { readTextsOfMp4 } from '../probe/texts-of-mp4.ts';
import { writeFailure } from '../process/write-failure.ts';

type TextMovieTask = {
  readonly path: string;
  readonly stream: number;
  readonly startSeconds: number;
  readonly output: string;
};

/**
 * Writes the texts of a track of an MP4 or MOV into an MP4 of their own, where ffmpeg reads them at the times at which the source's edit list and
 * fragments show them, from the film's beginning. Throws `bad-input` where they cannot be read.
 */
export async function writeTextMovie(
  ffmpeg: string,
  { output, ...track }: TextMovieTask,
  signal: AbortSignal,
): Promise<void> {
  const bytesTo = `${output}.bin`;
  try {
    const { texts, stsd } = await readTextsOfMp4(ffmpeg, { ...track, bytesTo }, signal);
    const movie = textMovie(stsd, texts);
    if (!movie) throw new ServiceError('bad-input', `the texts of stream ${track.stream} last for days`);
    await writeFailure(writeFile(output, movie), output);
  } finally {
    await rm(bytesTo, { force: true });
  }
}
