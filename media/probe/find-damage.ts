import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { complaints } from '../../core/film/complaints.ts';
import { DECODER_DELAY, damageScan } from '../../core/film/damage.ts';
import { speakerIn } from '../../core/film/log-speakers.ts';
import type { DamageSearch } from '../../core/ports/film-reader.ts';
import { decodeStart, seekArgs } from '../../core/segments/reach.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { inputArguments, steadyInput } from './input-arguments.ts';

/**
 * Decodes a stretch by one thread, so that what the decoder says stands in the log where the frame does. Decoding begins well
 * before the stretch, because a decoder complains of the first pictures behind a seek: an open group's refer to others before it.
 */
export async function findDamage(
  ffmpeg: string,
  { source, stretch, ...timeline }: DamageSearch,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const sought = Math.max(0, stretch.start - EARLIER);
  const begin = decodeStart(sought, timeline);
  const speaker = speakerIn(source.probe, source.stream);
  const scan = damageScan((line) => (speaker(line) ?? 'picture') !== 'picture');
  const first = sought - begin.skip;
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-v', 'level+info', '-max_error_rate', '1', '-threads', '1'],
    ...['-noautorotate', ...seekArgs(begin)],
    ...[...steadyInput(source), ...inputArguments(source.path, source.probe), '-map', `0:${source.stream}`],
    ...['-vf', 'showinfo=checksum=0', '-frames:v', `${stretch.end - first}`],
    ...['-fps_mode', 'passthrough', '-f', 'null', '-'],
  ];
  await runFfmpeg(ffmpeg, args, { signal, onStderrLine: scan.line, blame: 'bad-input', doing: 'looking for damage' });
  const found = scan
    .frames()
    .map((frame) => first + frame)
    .filter((frame) => frame >= stretch.start - (stretch.start > 0 ? DECODER_DELAY : 0) && frame < stretch.end)
    .map((frame) => Math.max(frame, stretch.start));
  return [...new Set(found)];
}

/** So many frames before a stretch the search for damage begins: what is said of its first pictures ends before the delay begins. */
const EARLIER = 2 * DECODER_DELAY;

/** Returns what the decoder says of the first half of the frames that are decoded before a stretch is reached. */
export async function saidBefore(
  ffmpeg: string,
  { source, stretch, ...timeline }: DamageSearch,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const begin = decodeStart(stretch.start, timeline);
  const frames = Math.floor(begin.skip / 2);
  if (begin.seekSeconds === undefined || frames === 0) return [];
  const args = [
    ...[
      ...ffmpegPreamble({ acceptsErrors: true, log: 'level+info' }),
      '-threads',
      '1',
      '-noautorotate',
      ...seekArgs(begin),
    ],
    ...[...steadyInput(source), ...inputArguments(source.path, source.probe), '-map', `0:${source.stream}`],
    ...['-frames:v', `${frames}`, '-fps_mode', 'passthrough', '-f', 'null', '-'],
  ];
  const run = { signal, keptOfStderr: complaints(), blame: 'bad-input', doing: 'looking for damage' } as const;
  const { stderrTail } = await runFfmpeg(ffmpeg, args, run);
  return stderrTail;
}
