import type { ShapeRun } from '../../core/film/shaped-parts.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { formatRational, parseRational } from '../../core/units.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { decodingThreads, inputArguments } from './input-arguments.ts';

/** Decodes the picture and returns the shapes of pixels that its frames say, in order. ffmpeg from version 7.0 on tells that of the first alone. */
export async function shapeRuns(
  ffprobe: string,
  { path, probe, stream }: Source,
  signal: AbortSignal,
): Promise<readonly ShapeRun[]> {
  const runs: ShapeRun[] = [];
  const args = [
    ...['-v', 'error', '-threads', '0', ...decodingThreads(probe)], // ffprobe decodes by one thread otherwise
    ...['-select_streams', `${stream}`, '-show_entries', 'frame=sample_aspect_ratio', '-of', 'default=nk=1:nw=1'],
    ...inputArguments(path),
  ];
  await runFfmpeg(ffprobe, args, {
    ...{ signal, blame: 'bad-input', doing: 'looking for the shapes of pixels' },
    onStdoutLine: (line) => {
      if (!SHAPE.test(line)) return;
      const sar = parseRational(line) ?? { num: 1, den: 1 };
      const last = runs.at(-1);
      if (last && formatRational(last.sar) === formatRational(sar))
        runs[runs.length - 1] = { sar, frames: last.frames + 1 };
      else runs.push({ sar, frames: 1 });
    },
  });
  return runs;
}

/** One for each frame: side data of a frame have lines of their own. */
const SHAPE = /^(\d+:\d+|N\/A)$/;
