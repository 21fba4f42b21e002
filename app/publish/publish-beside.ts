import { retimedFile, type TextFormat } from '../../core/filters/retime-text.ts';
import type { StreamFate } from '../../core/job/manifest.ts';
import { keyAt, subtitlePath } from '../../core/job/result-place.ts';
import { candidates } from '../../core/recipes/renditions.ts';
import { contentHash, smallFile } from '../../core/small-file.ts';
import type { SubtitleBeside } from '../../core/streams/subtitle-beside.ts';
import { trackMarks } from '../../core/streams/track-marks.ts';
import { BESIDE, streamsBeside, takesSubtitles } from '../../core/subtitles/beside.ts';
import type { Rational } from '../../core/units.ts';
import type { JobWork } from '../encode/work.ts';
import type { ExtraFile } from '../make/extra-file.ts';
import type { Outcome } from '../make/make-all.ts';
import type { ToldFates } from '../source/streamed-source.ts';
import { othersFiles } from './refuse-others-files.ts';

type BesideStreams = {
  readonly sidecars: readonly (ExtraFile & { readonly stream: number })[];
  readonly fates: readonly StreamFate[];
};

/**
 * `told` has the fates of those that are streamed; `streams` counts the source's own streams. Returns the files of all other subtitles beside the source, for each rendition that takes them, and the fate of each
 * subtitle.
 */
export async function publishBeside(
  outcomes: readonly Outcome[],
  { streams, told }: { readonly streams: number; readonly told: ToldFates },
  work: JobWork,
): Promise<BesideStreams> {
  const sidecars: BesideStreams['sidecars'][number][] = [];
  const fates: StreamFate[] = [];
  const names = namesTaking(outcomes, work);
  const all = streamsBeside(work.beside, streams);
  for (const [i, subtitle] of work.beside.entries()) {
    const stream = all[i];
    if (!stream) continue;
    const marks = trackMarks(stream);
    const about = {
      ...{ index: stream.index, type: stream.type, codec: stream.codec, beside: subtitle.source },
      ...(marks.length > 0 && { marks: [...marks] }),
    };
    const streamed = told.get(stream.index);
    if (streamed) {
      fates.push({ ...about, ...streamed });
      continue;
    }
    const { fate, why, timeFactor } = become(subtitle, outcomes, work);
    const files: ExtraFile[] = [];
    for (const name of fate === 'dropped' ? [] : names) files.push(await placedFile(name, subtitle, timeFactor, work));
    for (const file of files) sidecars.push({ ...file, stream: stream.index });
    const sidecar = files[0]?.path;
    fates.push({ ...about, fate, why, ...(sidecar !== undefined && { sidecar }) });
  }
  return { sidecars, fates };
}

function namesTaking(outcomes: readonly Outcome[], { request, settings }: JobWork): readonly string[] {
  const taking = candidates(request.recipe, settings).filter(({ delivery }) => takesSubtitles(delivery));
  return outcomes.map(({ record }) => record.name).filter((made) => taking.some(({ name }) => name === made));
}

type Become = Pick<StreamFate, 'fate' | 'why'> & { readonly timeFactor?: Rational | undefined };

/** Returns a subtitle's fate: from the first rendition made in this run, or else from the last manifest. */
function become({ source }: SubtitleBeside, outcomes: readonly Outcome[], work: JobWork): Become {
  const { before, besideChanged, settings } = work;
  const plans = outcomes.flatMap((outcome) => (outcome.kind === 'made' ? outcome.made.plans : []));
  const plan = plans.find(({ beside }) => beside?.source === source);
  if (plan) return plan;
  const was = besideChanged ? undefined : before?.manifest.streams.find(({ beside }) => beside === source);
  if (was) return was;
  if (settings.fps) return { fate: 'dropped', why: 'its times would have to be moved; --remake does that' };
  return { fate: 'kept', why: `${BESIDE}, and not in it: a subtitle alone is no reason to encode again` };
}

/** Returns a subtitle's file. Where somebody else's has its name, that stays, and the subtitle lies with the manifest. */
async function placedFile(
  rendition: string,
  subtitle: SubtitleBeside,
  timeFactor: Rational | undefined,
  work: JobWork,
): Promise<ExtraFile> {
  const { request, ports, tracking } = work;
  const { suffix } = subtitle;
  const made = await fileFor(subtitle, { path: subtitlePath(request, rendition, suffix), timeFactor }, work);
  const [other] = await othersFiles([made], work);
  if (other === undefined) return made;
  const path = subtitlePath({ outputPrefix: request.outputPrefix }, rendition, suffix);
  const [theirs, ours] = [keyAt(request, other), keyAt(request, path)];
  const message = `${theirs} was not made by this job and stays; the subtitle of the film is ${ports.outputs.locate(ours)}`;
  tracking.emit({ type: 'warning', job: request.id, message });
  return { ...made, path };
}

async function fileFor(
  { path: from, format, text }: SubtitleBeside,
  { path, timeFactor }: { readonly path: string; readonly timeFactor: Rational | undefined },
  { ports: { reader, maker }, folder, tracking: { signal } }: JobWork,
): Promise<ExtraFile> {
  if (timeFactor && text) return smallFile(path, retimedFile(text, RETIMED[format] ?? 'srt', timeFactor));
  const file = `${folder}/beside-${contentHash(path).slice(0, 16)}`;
  await maker.copyFile(from, file, signal);
  return { path, file, ...(await reader.fileInfo(file, signal)) };
}

const RETIMED: Readonly<Record<string, TextFormat>> = { srt: 'srt', vtt: 'webvtt', ass: 'ass', ssa: 'ass' };
