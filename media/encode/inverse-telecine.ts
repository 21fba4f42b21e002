import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { countedFromStart } from '../../core/film/access.ts';
import type { Stream } from '../../core/film/probe.ts';
import type { TelecineTask } from '../../core/ports/file-maker.ts';
import { timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

/** Codecs that Matroska cannot hold. */
const NOT_IN_MATROSKA = /^(eia_608|dvb_teletext|unknown|none|bin_data)$/;

/**
 * Writes the film as it was before telecine, without loss: fields that belong together are matched, and the duplicate among
 * each five frames is left out. All other streams that Matroska can hold are copied.
 */
export async function inverseTelecine(
  ffmpeg: string,
  { source, first, output }: TelecineTask,
  signal: AbortSignal,
): Promise<void> {
  const { path, probe, stream: main } = source;
  const others = probe.streams.filter(
    ({ index, type, codec }) => index !== main && type !== 'data' && !NOT_IN_MATROSKA.test(codec),
  );
  const video = others.find(({ type }) => type === 'video');
  if (video) throw new ServiceError('bad-input', 'telecine=inverse takes a film with one picture; this one has more');
  const codecs = others.flatMap((stream, i) => [`-c:${i + 1}`, codecOf(stream)]);
  await runFfmpeg(
    ffmpeg,
    [
      ...ffmpegPreamble(),
      ...['-y', '-noautorotate', ...timedInputArguments(path, probe.access)],
      ...['-map', `0:${main}`, ...others.flatMap(({ index }) => ['-map', `0:${index}`])],
      ...['-vf', `fieldmatch=order=${first}:combmatch=full,yadif=parity=${first}:deint=interlaced,decimate`],
      ...['-c:0', 'ffv1', '-level', '3', '-g', '1', '-fps_mode', 'passthrough', '-enc_time_base', '-1', ...codecs],
      ...['-f', 'matroska', `file:${output}`],
      ...countedFromStart(probe.access, [main, ...others.map(({ index }) => index)]),
    ],
    { signal, writes: output, blame: 'bad-input', doing: 'undoing the telecine' },
  );
}

const codecOf = ({ codec }: Stream) => (codec === 'mov_text' ? 'srt' : 'copy');
