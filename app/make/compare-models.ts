import type { EncodeSpec } from '../../core/codecs/encode-spec.ts';
import { roundTrip } from '../../core/encode/round-trip.ts';
import { filtersFrom } from '../../core/fields/field-filters.ts';
import { type ComparedMoment, type ModelFigures, paceOf } from '../../core/plan/comparison.ts';
import { candidates } from '../../core/recipes/renditions.ts';
import { comparisonHtml } from '../../core/report/comparison-html.ts';
import { smallFile } from '../../core/small-file.ts';
import { parseRational, toNumber } from '../../core/units.ts';
import type { SourceEnlargement } from '../../core/upscale/enlargement.ts';
import { draftOf } from '../encode/draft.ts';
import { pieceTask } from '../encode/encode-segments.ts';
import type { JobWork } from '../encode/work.ts';
import type { SourceFacts } from '../source/read-source.ts';
import type { ExtraFile } from './extra-file.ts';
import type { Outcome } from './make-all.ts';

type Side = {
  readonly outcome: Outcome;
  readonly file: string;
  readonly spec: EncodeSpec;
  /** The source as the rendition was made of it. */
  readonly source: SourceFacts;
  readonly enlarge: SourceEnlargement;
};

/** Makes the page that compares two models: the same moments, the loss of a round trip, the speed and the cost. */
export async function compareModels(outcomes: readonly Outcome[], work: JobWork): Promise<readonly ExtraFile[]> {
  const source = await work.parents.facts('source');
  const sides: Side[] = [];
  for (const outcome of outcomes) {
    const side = await sideOf(outcome, source, work);
    if (side) sides.push(side);
  }
  const figures: ModelFigures[] = [];
  for (const [i, side] of sides.entries()) figures.push(await figuresOf(side, work, i));
  const stills = await stillsOf(sides, work);
  const data = { source: work.request.source, models: figures };
  return [
    smallFile('comparison.html', comparisonHtml(work.request.source, figures, stills)),
    smallFile('comparison.json', `${JSON.stringify(data, undefined, 2)}\n`),
  ];
}

async function sideOf(outcome: Outcome, whole: SourceFacts, work: JobWork): Promise<Side | undefined> {
  const { settings, tools, request, parents } = work;
  const rendition = candidates(request.recipe, settings).find(({ name }) => name === outcome.record.name);
  const draft = rendition && draftOf(rendition, { source: whole, tools }, settings);
  if (!draft) return undefined;
  const { source, spec } = draft;
  const { enlarge } = spec;
  if (!enlarge) return undefined;
  const file = outcome.kind === 'made' ? outcome.made.file : await parents.fetch(outcome.now.key);
  return { outcome, file, source, spec, enlarge };
}

async function figuresOf(
  { outcome, source, spec, enlarge }: Side,
  { ports, tracking, folder }: JobWork,
  index: number,
): Promise<ModelFigures> {
  const { maker, measurer, clock, cores } = ports;
  const trip = roundTrip(spec, enlarge);
  const frames = source.cut.times.length;
  const task = pieceTask({ start: 0, end: frames, key: `round-trip-${index}` }, { source, spec: trip.spec });
  const piece = `${folder}/${task.segment.key}.nut`;
  const options = { signal: tracking.signal, onProgress: () => {} };
  const began = clock.elapsed();
  await maker.encodeSegment(task, piece, options);
  const seconds = (clock.elapsed() - began) / 1000;
  const likeness = await measurer.likeness(
    { piece, source: task.source, filters: filtersFrom(spec, 0), size: trip.size },
    tracking.signal,
  );
  const larger = (enlarge.from.width * enlarge.from.height) / (trip.small.width * trip.small.height);
  const sourceRate = toNumber(parseRational(spec.frameRate) ?? { num: 25, den: 1 });
  return {
    ...likeness,
    ...{ model: enlarge.model, path: outcome.record.path, bytes: outcome.record.bytes },
    ...paceOf({ frames, seconds, larger, sourceRate, cores }),
  };
}

const MOMENTS = [1 / 6, 1 / 2, 5 / 6];
const SHOWN = { width: 640, height: 480 };

async function stillsOf(sides: readonly Side[], { ports, tracking }: JobWork): Promise<readonly ComparedMoment[]> {
  const [first] = sides;
  if (!first) return [];
  const { source } = first;
  const { width, height } = first.spec.size;
  const crop = `crop=${Math.min(width, SHOWN.width)}:${Math.min(height, SHOWN.height)}`;
  const take = async (path: string, stream: string, filters: readonly string[], frame: number) =>
    (await ports.maker.still({ path, stream, filters, frame }, tracking.signal)).toString('base64');
  return Promise.all(
    MOMENTS.map(async (moment) => {
      const frame = Math.floor(source.cut.times.length * moment);
      const asItWas = [...filtersFrom(first.spec, 0), `scale=${width}:${height}:flags=neighbor`, crop];
      return {
        seconds: (source.cut.times[frame] ?? 0) * source.tickSeconds,
        source: await take(source.path, `0:${source.main.index}`, asItWas, frame),
        models: await Promise.all(sides.map(({ file }) => take(file, '0:v:0', [crop], frame))),
      };
    }),
  );
}
