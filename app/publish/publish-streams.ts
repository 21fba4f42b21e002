import type { StreamFate } from '../../core/job/manifest.ts';
import type { WrittenSidecar } from '../../core/ports/sidecars.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import { trackMarks } from '../../core/streams/track-marks.ts';
import type { JobWork } from '../encode/work.ts';
import type { ExtraFile } from '../make/extra-file.ts';
import type { Outcome } from '../make/make-all.ts';
import type { SourceFacts } from '../source/read-source.ts';
import { readBitmapSubtitles } from './read-bitmap-subtitles.ts';
import { blocksBeside, writePositions } from './write-positions.ts';

/** What became of the streams of the source, and the files that hold some of them beside the renditions. */
export type PublishedStreams = {
  readonly sidecars: readonly (ExtraFile & { readonly stream: number; readonly language?: string | undefined })[];
  readonly fates: readonly StreamFate[];
  readonly warnings: readonly string[];
};

/**
 * Returns the fates of the source's streams: from the first rendition made of it, or from the last manifest if none was
 * made.
 */
export async function streamsOf(outcomes: readonly Outcome[], work: JobWork): Promise<PublishedStreams> {
  const { before, parents } = work;
  const first = outcomes.find(({ kind, record }) => kind === 'made' && record.parent === 'source');
  const source = parents.known('source');
  if (first?.kind === 'made' && source) return sidecarsOf(withoutBeside(first.made.plans), source, work);
  const { streams = [], sidecars = [] } = before?.manifest ?? {};
  const fates = streams.filter(({ beside }) => beside === undefined);
  const own = sidecars.filter(({ stream }) => fates.some(({ index }) => index === stream));
  return { sidecars: own.map((sidecar) => ({ ...sidecar, file: undefined })), fates, warnings: [] };
}

const withoutBeside = (plans: readonly StreamPlan[]) => plans.filter(({ beside }) => !beside);

async function sidecarsOf(plans: readonly StreamPlan[], source: SourceFacts, work: JobWork): Promise<PublishedStreams> {
  const { ports, folder, tracking, watch } = work;
  const { path, probe, index } = source;
  const from = { path, probe, stream: source.main.index, index };
  const written = await watch.time('join', () =>
    ports.maker.writeSidecars({ source: from, plans, folder }, tracking.signal),
  );
  const sidecars: PublishedStreams['sidecars'][number][] = [];
  for (const { index, files } of written)
    for (const { name, path: file, language } of files) {
      const info = await ports.reader.fileInfo(file, tracking.signal);
      sidecars.push({ path: name, file, stream: index, language, ...info });
    }
  const positions = await watch.time('join', () => writePositions(source, work));
  const blocks = await watch.time('join', () => blocksBeside(source, work));
  sidecars.push(...blocks.files, ...positions.files);
  const { texts, warnings } = await watch.time('join', () => readBitmapSubtitles(plans, source, work));
  sidecars.push(...texts.map(({ stream, file }) => ({ stream, ...file })));
  const fates = plans.map((plan) => {
    const text = texts.find(({ stream }) => stream === plan.stream.index)?.text;
    const own = written.find(({ index }) => index === plan.stream.index);
    const fate = fateOf(plan, own);
    const told = plan.stream.index === source.main.index ? blocks.told : '';
    return { ...fate, why: `${fate.why}${told}`, ...(text && { text }) };
  });
  return { sidecars, fates, warnings: [...warnings, ...positions.warnings] };
}

function fateOf(
  { stream, fate, why, sidecar, codecArgs }: StreamPlan,
  { files, problem, told = '' }: Partial<WrittenSidecar> = {},
): StreamFate {
  const marks = trackMarks(stream);
  const about = {
    ...{ index: stream.index, type: stream.type, codec: stream.codec },
    ...(marks.length > 0 && { marks: [...marks] }),
  };
  const name = files ? files[0]?.name : sidecar?.name;
  if (problem === undefined)
    return { ...about, fate, why: `${why}${told}`, ...(name !== undefined && { sidecar: name }) };
  return {
    ...about,
    fate: codecArgs ? fate : 'dropped',
    why: `${why}; but its sidecar could not be written: ${problem}`,
  };
}
