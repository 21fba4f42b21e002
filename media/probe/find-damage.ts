import { damageScan } from '../../core/film/damage.ts';
import { codecsOfCovers } from '../../core/film/probe.ts';
import type { DamageSearch } from '../../core/ports/film-reader.ts';
import { decodeStart, seekArgs } from '../../core/segments/reach.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { inputArguments, steadyInput } from './input-arguments.ts';

/** Decodes a stretch by one thread, so that what the decoder says stands in the log where the frame does. */
export async function findDamage(
  ffmpeg: string,
  { source, stretch, ...timeline }: DamageSearch,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const begin = decodeStart(stretch.start, timeline);
  const scan = damageScan(codecsOfCovers(source.probe));
  const first = stretch.start - begin.skip;
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-v', 'level+info', '-max_error_rate', '1', '-threads', '1'],
    ...['-noautorotate', ...seekArgs(begin)],
    ...[...steadyInput(source), ...inputArguments(source.path), '-map', `0:${source.stream}`],
    ...['-vf', 'showinfo=checksum=0', '-frames:v', `${stretch.end - first}`],
    ...['-fps_mode', 'passthrough', '-f', 'null', '-'],
  ];
  await runFfmpeg(ffmpeg, args, { signal, onStderrLine: scan.line, blame: 'bad-input', doing: 'looking for damage' });
  return scan
    .frames()
    .map((frame) => first + frame)
    .filter((frame) => frame >= stretch.start && frame < stretch.end);
}
