import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { countedFromStart } from '../../core/film/access.ts';
import { assInCrop } from '../../core/filters/ass-in-crop.ts';
import { retimedFile, TEXT_FORMATS } from '../../core/filters/retime-text.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { CaptionSource, SidecarTask, WrittenSidecar } from '../../core/ports/sidecars.ts';
import { languageOfCaptions } from '../../core/streams/captions-told.ts';
import { isWebVttOfMp4 } from '../../core/streams/set-aside.ts';
import { CAPTIONS, type StreamPlan, TTML_AS_SRT } from '../../core/streams/stream-plan.ts';
import { isTextOfMovie } from '../../core/streams/text-of-movie.ts';
import { captionSidecars, toldOfCaptions, toldOfTeletext, toldOfTtml } from '../../core/subtitles/caption-sidecars.ts';
import { srt } from '../../core/subtitles/srt.ts';
import { toNumber } from '../../core/units.ts';
import { inputArguments, timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';
import type { CaptionTools } from './caption-times.ts';
import { captionsOf } from './captions.ts';
import { writeDumpedPackets } from './dumped-packets.ts';
import { writeWebVttOfMatroska } from './matroska-web-vtt.ts';
import { writeWebVttOfMp4 } from './mp4-web-vtt.ts';
import { writeTextMovie } from './text-movie.ts';

/** Writes one file for each stream with a sidecar, with its packets unchanged, and one for each channel of captions. A stream that cannot be written does not fail the job. */
export async function writeSidecars(
  tools: CaptionTools,
  { source, plans, folder }: SidecarTask,
  signal: AbortSignal,
): Promise<readonly WrittenSidecar[]> {
  const written: WrittenSidecar[] = [];
  for (const plan of plans) {
    if (!plan.sidecar) continue;
    const path = `${folder}/${plan.sidecar.name}`;
    written.push(await writeSidecar(tools, { source, plan, path, folder, name: plan.sidecar.name }, signal));
  }
  return written;
}

/** Copies a part of a file; `end` is behind its last byte. */
async function copyPart(
  from: string,
  { start, end }: { readonly start: number; readonly end: number },
  { path, signal }: { readonly path: string; readonly signal: AbortSignal },
): Promise<void> {
  await writeFailure(
    pipeline(createReadStream(from, { start, end: end - 1 }), createWriteStream(path), { signal }),
    path,
  );
}

type Task = {
  readonly source: CaptionSource;
  readonly plan: StreamPlan;
  readonly path: string;
  readonly folder: string;
  readonly name: string;
};

async function writeSidecar(tools: CaptionTools, task: Task, signal: AbortSignal): Promise<WrittenSidecar> {
  const { ffmpeg } = tools;
  const { source, plan, path, name } = task;
  const { index } = plan.stream;
  const nothing = { index, files: [], told: '' };
  try {
    const options = { signal, blame: 'bad-input', doing: `writing the sidecar of stream ${index}` } as const;
    const isCaptions = plan.sidecar?.format === CAPTIONS || plan.stream.codec === 'eia_608';
    if (isCaptions) return await writeCaptions(tools, task, options);
    if (plan.sidecar?.format === TTML_AS_SRT)
      return { index, problem: undefined, ...(await textsBeside(tools, task, options)) };
    if (plan.stream.hiddenAt) await copyPart(source.path, plan.stream.hiddenAt, { path, signal });
    else if (plan.stream.webVttBlocks) {
      const blocks = { source: source.path, access: source.probe.access, stream: index, output: path };
      await writeWebVttOfMatroska(ffmpeg, blocks, signal);
    } else if (isWebVttOfMp4(plan.stream))
      await writeWebVttOfMp4(ffmpeg, { source: { ...source, stream: index }, output: path }, signal);
    else if (isTextOfMovie(plan.stream, source.probe)) await writeTextsAsSrt(ffmpeg, task, options);
    else if (isRateless(plan))
      await writeDumpedPackets(tools.ffprobe, { source: { ...source, stream: index }, output: path }, options);
    else await runFfmpeg(ffmpeg, sidecarArgs(source, plan, path), { ...options, writes: path });
    await retime(plan, path);
    // bytes that are no UTF-8 stay what they are
    if (plan.placedIn) await writeFile(path, assInCrop(await readFile(path, 'latin1'), plan.placedIn), 'latin1');
    if ((await stat(path)).size > 0) {
      const isRead = /^(dvb_teletext|stpp)$/.test(plan.stream.codec);
      const texts = isRead ? await textsBeside(tools, task, options) : undefined;
      return { index, files: [{ name, path }, ...(texts?.files ?? [])], problem: undefined, told: texts?.told ?? '' };
    }
    await rm(path, { force: true });
    return { ...nothing, problem: 'the stream is empty' };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    await rm(path, { force: true });
    const beside = plan.sidecar?.format === 'matroska' ? await withoutTimes(tools, task, error, signal) : undefined;
    return beside ?? { ...nothing, problem: error.message };
  }
}

/** Whether it is sound without a rate whose bytes alone are wanted. */
const isRateless = ({ stream: { audio }, sidecar }: StreamPlan): boolean =>
  audio?.sampleRate === 0 && sidecar?.format === 'data';

/** The texts of an MP4 or MOV, with the times at which it shows them. */
async function writeTextsAsSrt(
  ffmpeg: string,
  { source, plan, path }: Task,
  options: { readonly signal: AbortSignal; readonly blame: 'bad-input'; readonly doing: string },
): Promise<void> {
  const movie = `${path}.mp4`;
  try {
    const { startSeconds } = source.probe;
    const track = { path: source.path, stream: plan.stream.index, startSeconds, output: movie };
    await writeTextMovie(ffmpeg, track, options.signal);
    const read = [...ffmpegPreamble(), '-y', ...inputArguments(movie, { family: 'mp4' }), '-map', '0:0', '-c', 'srt'];
    await runFfmpeg(ffmpeg, [...read, '-fflags', '+bitexact', '-f', 'srt', `file:${path}`], {
      ...options,
      writes: path,
    });
  } finally {
    await rm(movie, { force: true });
  }
}

/** Why ffmpeg wrote no Matroska of a stream, by what it said. */
function whyNotInMatroska({ details: { stderr } }: ServiceError, { codec }: StreamPlan['stream']): string {
  const said = (words: RegExp) => Array.isArray(stderr) && stderr.some((line) => words.test(`${line}`));
  if (said(RATELESS)) return 'it has no sampling rate, without which ffmpeg writes no sound, so they';
  if (said(/Could not write header/)) return `Matroska cannot hold ${codec}, so its packets`;
  return 'ffmpeg cannot write them into Matroska, so they';
}

const RATELESS = /sample rate not set/;

/** The packets of a stream that ffmpeg cannot write into Matroska, in a file of bytes; undefined where they cannot be written there either. */
async function withoutTimes(
  tools: CaptionTools,
  task: Task,
  error: ServiceError,
  signal: AbortSignal,
): Promise<WrittenSidecar | undefined> {
  const { plan, folder, name } = task;
  const sidecar = { name: name.replace(/\.\w+$/, '.bin'), format: 'data' };
  const path = `${folder}/${sidecar.name}`;
  const written = await writeSidecar(tools, { ...task, plan: { ...plan, sidecar }, path, name: sidecar.name }, signal);
  const told = `; ${whyNotInMatroska(error, plan.stream)} are there without their times`;
  return written.problem === undefined ? { ...written, told } : undefined;
}

/** The pages of subtitles of a teletext, or the documents of TTML, as text, beside its packets. Nothing is lost where they cannot be read. */
async function textsBeside(tools: CaptionTools, task: Task, options: Parameters<typeof captionsOf>[2]) {
  try {
    return await writeCaptions(tools, { ...task, name: task.name.replace(/\.bin$/, '.srt') }, options);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    return { files: [], told: `; its subtitles are not read: ${error.message}` };
  }
}

async function writeCaptions(
  tools: CaptionTools,
  { source, plan, path, folder, name }: Task,
  options: Parameters<typeof captionsOf>[2],
): Promise<WrittenSidecar> {
  const { index } = plan.stream;
  const read = await captionsOf(tools, { source: { ...source, stream: index }, path }, options);
  const sidecars = captionSidecars(read, name);
  const named = plan.stream.video?.namedCaptions ?? [];
  const told = (TOLD[plan.stream.codec] ?? toldOfCaptions)(read, sidecars, named);
  const files: WrittenSidecar['files'][number][] = [];
  for (const each of sidecars) {
    const file = `${folder}/${each.name}`;
    await writeFailure(writeFile(file, `${srt(each.cues)}\n`), file);
    await retime(plan, file, 'srt');
    const language = languageOfCaptions(named, each.channel);
    files.push({ name: each.name, path: file, ...(language !== undefined && { language }) });
  }
  return { index, files, problem: files.length === 0 ? `the stream is empty${told}` : undefined, told };
}

const TOLD: Readonly<Record<string, typeof toldOfCaptions>> = { dvb_teletext: toldOfTeletext, stpp: toldOfTtml };

const textFormatOf = (format: string | undefined) =>
  TEXT_FORMATS.find((each) => each === (format === CAPTIONS ? 'srt' : format));

async function retime({ timeFactor, sidecar }: StreamPlan, path: string, as = sidecar?.format): Promise<void> {
  const format = textFormatOf(as);
  if (timeFactor && format) await writeFile(path, retimedFile(await readFile(path), format, timeFactor));
}

function sidecarArgs(source: Source, { stream, sidecar, timeFactor }: StreamPlan, path: string): string[] {
  const input = timedInputArguments(source.path, source.probe.access);
  const quiet = [...ffmpegPreamble(), '-y'];
  if (sidecar?.format === 'attachment') {
    // this option writes its file without an output, but ffmpeg requires one
    const nowhere = ['-map', `0:${stream.index}`, '-c', 'copy', '-f', 'null', '-'];
    return [...quiet, `-dump_attachment:${stream.index}`, path, ...input, ...nowhere];
  }
  const codec = stream.codec === 'mov_text' ? 'srt' : 'copy';
  const output = ['-map', `0:${stream.index}`, '-c', codec, '-fflags', '+bitexact'];
  // the times of text subtitles stand in their text and are moved there
  const moved = timeFactor && !textFormatOf(sidecar?.format) ? ['-itsscale', toNumber(timeFactor).toFixed(12)] : [];
  const written = [...output, '-f', sidecar?.format ?? 'data', `file:${path}`];
  // without this ffmpeg maps no stream of a codec that it does not know
  const unknown = sidecar?.format === 'data' ? ['-copy_unknown'] : [];
  return [
    ...quiet,
    ...unknown,
    ...moved,
    ...input,
    ...written,
    ...countedFromStart(source.probe.access, [stream.index]),
  ];
}
