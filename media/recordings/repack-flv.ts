import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { clusterOf, matroskaHead, type NewFlv, newFlvReader } from '../../core/film/new-flv.ts';
import type { JoinedPrograms, JoiningTask } from '../../core/ports/file-maker.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { withByteSource } from '../structure/byte-source.ts';
import { flvTags } from '../structure/flv-tags.ts';
import { judgeStructure } from '../structure/judge-structure.ts';
import { recognise } from '../structure/recognise.ts';

/**
 * Writes the packets of an FLV whose picture is of HEVC, AV1 or VP9 into a Matroska, each at its time: ffmpeg reads these in FLV from 6.1 on, and some of
 * their forms in no version. Returns undefined for any other file, and where a codec or a form is not known here. Throws `truncated` unless damage is accepted.
 */
export async function repackFlv(
  ffmpeg: string,
  { path, output, damaged }: JoiningTask,
  signal: AbortSignal,
): Promise<JoinedPrograms | undefined> {
  if ((await withByteSource(path, signal, recognise)) !== 'flv') return undefined;
  const reader = newFlvReader();
  for await (const tag of flvTags(path, signal)) if (!reader.add(tag)) return undefined;
  const film = reader.found();
  if (!film) return undefined;
  await judgeStructure(path, signal, damaged); // its reasons name the source, and not the copy
  const args = [...ffmpegPreamble(), '-f', 'matroska', '-i', 'pipe:0', '-map', '0', '-c', 'copy', '-f', 'matroska'];
  await runFfmpeg(ffmpeg, [...args, '-y', output], {
    ...{ signal, stdin: clusters(path, film, signal), writes: output, blame: 'bad-input' },
    doing: 'writing the packets of the FLV',
  });
  const what = film.picture.codec.replace(/^.*[_/]/, '');
  return {
    told: `the picture of the FLV is ${what}, which is newer than FLV: its packets are written into a Matroska first, each at its time; what its scripts say is left out`,
  };
}

async function* clusters(path: string, film: NewFlv, signal: AbortSignal): AsyncGenerator<Buffer> {
  yield matroskaHead(film);
  for await (const tag of flvTags(path, signal)) {
    const cluster = clusterOf(tag);
    if (cluster.length > 0) yield cluster;
  }
}
