import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { frameColumns } from '../../core/film/frame-columns.ts';
import { type FrameIndex, KEY } from '../../core/film/frame-index.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { parseRational, type Rational } from '../../core/units.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { timedInputArguments } from './input-arguments.ts';

/** Decodes the picture once and hashes every frame, which a file without reliable packet times needs. */
export async function frameSurvey(
  ffmpeg: string,
  source: Source,
  { signal, onProgress }: WorkOptions,
): Promise<FrameIndex> {
  const columns = frameColumns();
  const isBare = source.probe.streams.length === 1; // a stream without a container may have no start time
  let origin = 0;
  let timeBase: Rational | undefined;
  await runFfmpeg(ffmpeg, frameHashArgs(source), {
    signal,
    blame: 'bad-input',
    doing: 'decoding the source',
    onStdoutLine: (line) => {
      timeBase = parseRational(/^#tb 0: (\S+)/.exec(line)?.[1]) ?? timeBase;
      // stream, dts, pts, duration, size, hash
      const row = line.startsWith('#') ? [] : line.split(',').map((column) => column.trim());
      if (row.length < 6) return;
      if (columns.count === 0 && isBare) origin = Number(row[2]);
      columns.add(Number(row[2]) - origin, KEY, row[5] ?? '');
      onProgress(columns.count);
    },
  });
  if (!timeBase || columns.count === 0) throw new ServiceError('not-video', 'the file decodes to no frame at all');
  return columns.index('frames', timeBase);
}

/** These arguments fix everything that the hashes of decoded frames depend on, so that a tool's defaults do not matter. */
const frameHashArgs = ({ path, stream, probe }: Source): string[] => [
  ...ffmpegPreamble({ acceptsErrors: true }),
  '-noautorotate',
  ...timedInputArguments(path, probe.access),
  ...['-map', `0:${stream}`, '-fps_mode', 'passthrough', '-enc_time_base', '-1'],
  ...['-f', 'framehash', '-hash', 'SHA512/256', 'pipe:1'],
];
