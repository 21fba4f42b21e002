import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { retimeText, TEXT_FORMATS } from '../../core/filters/retime-text.ts';
import type { SidecarTask, WrittenSidecar } from '../../core/ports/file-maker.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { plainText } from '../../core/streams/caption-text.ts';
import { CAPTIONS, type StreamPlan } from '../../core/streams/stream-plan.ts';
import { toNumber } from '../../core/units.ts';
import { timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { bytesOutputs, endCaptions, writeCaptions } from './captions.ts';

/** Writes one file for each stream with a sidecar, with its packets unchanged. A stream that cannot be written does not fail the job. */
export async function writeSidecars(
  ffmpeg: string,
  { source, plans, folder }: SidecarTask,
  signal: AbortSignal,
): Promise<readonly WrittenSidecar[]> {
  const written: WrittenSidecar[] = [];
  for (const plan of plans) {
    if (!plan.sidecar) continue;
    const path = `${folder}/${plan.sidecar.name}`;
    written.push(await writeSidecar(ffmpeg, { source, plan, path }, signal));
  }
  return written;
}

async function writeSidecar(
  ffmpeg: string,
  { source, plan, path }: { readonly source: Source; readonly plan: StreamPlan; readonly path: string },
  signal: AbortSignal,
): Promise<WrittenSidecar> {
  const { index } = plan.stream;
  try {
    const options = {
      signal,
      writes: path,
      blame: 'bad-input',
      doing: `writing the sidecar of stream ${index}`,
    } as const;
    if (plan.sidecar?.format === CAPTIONS) await writeCaptions(ffmpeg, { source, plan, path }, options);
    else await runFfmpeg(ffmpeg, sidecarArgs(source, plan, path), options);
    if (plan.stream.codec === 'eia_608')
      await endCaptions(path, { startSeconds: 0, filmSeconds: source.probe.durationSeconds });
    if (isCaptions(plan)) await writeFile(path, plainText(await readFile(path, 'utf8')));
    await retime(plan, path);
    if ((await stat(path)).size > 0) return { index, path, problem: undefined };
    await rm(path, { force: true });
    return { index, path: undefined, problem: 'the stream is empty' };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    await rm(path, { force: true });
    return { index, path: undefined, problem: error.message };
  }
}

const isCaptions = ({ stream, sidecar }: StreamPlan) => sidecar?.format === CAPTIONS || stream.codec === 'eia_608';

const textFormatOf = (format: string | undefined) =>
  TEXT_FORMATS.find((each) => each === (format === CAPTIONS ? 'srt' : format));

async function retime({ timeFactor, sidecar }: StreamPlan, path: string): Promise<void> {
  const format = textFormatOf(sidecar?.format);
  if (timeFactor && format) await writeFile(path, retimeText(await readFile(path, 'utf8'), format, timeFactor));
}

function sidecarArgs(source: Source, { stream, sidecar, timeFactor }: StreamPlan, path: string): string[] {
  const input = timedInputArguments(source.path, source.probe.access);
  const quiet = [...ffmpegPreamble(), '-y'];
  if (sidecar?.format === 'attachment') {
    // this option writes its file without an output, but ffmpeg requires one
    const nowhere = ['-map', `0:${stream.index}`, '-c', 'copy', '-f', 'null', '-'];
    return [...quiet, `-dump_attachment:${stream.index}`, path, ...input, ...nowhere];
  }
  const codec = /^(mov_text|eia_608)$/.test(stream.codec) ? 'srt' : 'copy';
  const output = ['-map', `0:${stream.index}`, '-c', codec, '-fflags', '+bitexact'];
  // the times of text subtitles stand in their text and are moved there
  const moved = timeFactor && !textFormatOf(sidecar?.format) ? ['-itsscale', toNumber(timeFactor).toFixed(12)] : [];
  const bytes = stream.codec === 'eia_608' ? bytesOutputs(`0:${stream.index}`, path) : [];
  return [...quiet, ...moved, ...input, ...output, '-f', sidecar?.format ?? 'data', `file:${path}`, ...bytes];
}
