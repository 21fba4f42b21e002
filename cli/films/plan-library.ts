import process from 'node:process';
import type { LaidOrder } from '../../app/intake/placing.ts';
import { planFigures } from '../../app/plan/plan-figures.ts';
import { refuseSequenceSettings, USUAL_RATE } from '../../app/source/as-film.ts';
import { refuseSequence } from '../../app/source/keep-source.ts';
import { asServiceError, ServiceError } from '../../core/errors.ts';
import { mainVideo, type Probe } from '../../core/film/probe.ts';
import { counted, formatBytes, formatSaving, formatSeconds } from '../../core/format.ts';
import type { Manifest } from '../../core/job/manifest.ts';
import { mayBeAnimated } from '../../core/library/file-kind.ts';
import { type FilmToPlan, type LibraryEstimate, NO_FILMS, withFilm } from '../../core/plan/library-estimate.ts';
import { type Learnt, learnFrom } from '../../core/plan/past-jobs.ts';
import { keptClass } from '../../core/settings/kept-class.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { toNumber } from '../../core/units.ts';
import { cores, type LocalPorts } from '../../runtime/local-ports.ts';
import { widthOf } from '../../runtime/people.ts';
import { fittedText } from '../terminal/display-width.ts';
import { printable } from '../terminal/printable.ts';
import { knownFilms } from './known-films.ts';
import type { FilmBatch, RunFilm } from './named-films.ts';
import { passedOver } from './others-of.ts';

type PlanLibraryOptions = {
  readonly local: LocalPorts;
  readonly out: string;
  /** Manifests of jobs that were done here, to learn from. */
  readonly past: readonly Manifest[];
  readonly remake: boolean | undefined;
  readonly json: boolean | undefined;
  readonly signal: AbortSignal;
  fail(source: string, error: unknown): void;
};

type Planned = LibraryEstimate & {
  readonly unchanged: number;
  readonly unreadable: number;
  /** Pictures that may be animated, which a folder does not take. */
  readonly pictures: number;
  readonly learnt: Learnt;
};

/** Tells for each order what a library would become, from the headers of its films. Nothing is made, and only the few films are read whole that have to be written anew. */
export async function planLibrary(
  batches: () => AsyncIterable<FilmBatch>,
  orders: readonly LaidOrder[],
  options: PlanLibraryOptions,
): Promise<void> {
  for (const order of orders) {
    const { preset = '' } = resolveSettings(order.recipe, order.settings);
    const usual = order.recipe.defaults.preset ?? '';
    const learnt = learnFrom(options.past, { recipe: order.recipe.id, preset, usual });
    tell(order, await planned(batches(), order, learnt, options), options);
  }
}

async function planned(
  batches: AsyncIterable<FilmBatch>,
  order: LaidOrder,
  learnt: Learnt,
  { local, out, remake, signal, fail }: PlanLibraryOptions,
): Promise<Planned> {
  const silent = { onEvent: () => {}, finished: () => {}, passed: () => {} };
  const knowledge = knownFilms(local, [order], { out, teller: silent, remake });
  const estimating = { learnt, cores: cores(), neverLarger: order.recipe.neverLarger };
  let library: LibraryEstimate = NO_FILMS;
  let [unreadable, pictures] = [0, 0];
  for await (const batch of batches) {
    for (const { path, failure } of batch.unreadable) fail(path, failure);
    pictures += batch.others.filter(({ path }) => mayBeAnimated(path)).length;
    const due = [...(await knowledge.dueAmong(batch)).keys()];
    const looking = Array.from({ length: cores() }, async () => {
      for (let film = due.pop(); film; film = due.pop()) {
        const found = await look(film, order, local, signal);
        if (!(found instanceof ServiceError)) library = withFilm(library, found, estimating);
        else {
          unreadable++;
          fail(film.path, found);
        }
      }
    });
    await Promise.all(looking);
  }
  return { ...library, unchanged: knowledge.unchanged(), unreadable, pictures, learnt };
}

/** Returns what a film's header tells, or why it is no film or nothing can be made of it. */
async function look(
  { location, source, places }: RunFilm,
  order: LaidOrder,
  local: LocalPorts,
  signal: AbortSignal,
): Promise<FilmToPlan | ServiceError> {
  try {
    const settings = resolveSettings(order.recipe, order.settings);
    const { fps = USUAL_RATE, gaps = 'refuse' } = settings;
    const isKept = keptClass(settings) !== undefined;
    const sequence = await local.sequenceHead(location, gaps, signal);
    if (sequence) {
      if (isKept) refuseSequence({ source }, { isSequence: true });
      const { bytes, width, height, frames } = sequence;
      const figures = { width, height, fps: toNumber(fps), minutes: frames / toNumber(fps) / 60 };
      return { bytes, isKept, renditions: planFigures(figures, order, cores()).renditions };
    }
    refuseSequenceSettings({ source, recipe: order.recipe }, settings);
    const probe = await probeOf(location, local.portsFor(places), signal);
    const main = mainVideo(probe);
    if (!main) throw new ServiceError('not-video', `${source} has no picture, so that there is no film in it`);
    const { width, height, averageFrameRate, baseFrameRate } = main.video;
    const rate = averageFrameRate ?? baseFrameRate;
    const minutes = (probe.durationSeconds ?? 0) / 60;
    const figures = { width, height, fps: rate ? toNumber(rate) : 25, minutes, video: main.video };
    return { bytes: probe.bytes, isKept, renditions: planFigures(figures, order, cores()).renditions };
  } catch (error) {
    signal.throwIfAborted();
    const failure = asServiceError(error);
    if (failure.code === 'bug') throw error;
    return failure;
  }
}

/**
 * Returns what a film says of itself. Where it says no film, it may be one that is written anew before it is read, as recordings chained in an Ogg are:
 * those few are made into that file, which goes again.
 */
async function probeOf(
  path: string,
  { reader, maker, scratch, clock }: ReturnType<LocalPorts['portsFor']>,
  signal: AbortSignal,
): Promise<Probe> {
  const asIs = await reader.inspect(path, signal).catch((error: unknown) => asServiceError(error));
  if (!(asIs instanceof ServiceError) && mainVideo(asIs.probe)) return asIs.probe;
  const name = `plans/${clock.newId()}`;
  try {
    const output = `${await scratch.open(name)}/film`;
    const joined = await maker.joinPrograms({ path, output }, signal).catch(() => undefined);
    if (joined) return (await reader.inspect(output, signal)).probe;
  } finally {
    await scratch.remove(name);
  }
  if (asIs instanceof ServiceError) throw asIs;
  return asIs.probe;
}

function tell(
  { recipe }: LaidOrder,
  { encodeSeconds, otherSeconds, ...plan }: Planned,
  { json, past }: PlanLibraryOptions,
): void {
  const { films, bytesBefore, bytesAfter, keptBytes, diskBytes, unchanged, unreadable, pictures, learnt } = plan;
  const seconds = encodeSeconds + otherSeconds;
  if (json) {
    const told = { films, bytesBefore, bytesAfter, seconds, encodeSeconds, otherSeconds, keptBytes, diskBytes };
    const line = {
      type: 'plan.library',
      recipe: recipe.id,
      ...told,
      unchanged,
      unreadable,
      pictures,
      learntFrom: learnt.jobs,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return;
  }
  const lines = [
    `${printable(recipe.id)}: ${counted(films, 'film')}, ${formatBytes(bytesBefore)} now, about ${formatBytes(bytesAfter)} after (${formatSaving(bytesBefore, bytesAfter)})`,
    `about ${formatSeconds(seconds)} of work here, ${formatSeconds(otherSeconds)} of it reading and verifying; about ${formatBytes(diskBytes)} of disk`,
    ...(keptBytes > 0
      ? [`${formatBytes(keptBytes)} of that disk is for copies of the sources, beside the results`]
      : []),
    basisOf(learnt, past.length),
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(pictures > 0 ? [passedOver(pictures)] : []),
    ...(unreadable > 0 ? [`${unreadable} would fail, for the reasons above`] : []),
  ];
  process.stdout.write(`${fittedText(lines.join('\n'), widthOf(process.stdout), 2)}\n`);
}

/** Says which jobs the estimate is learnt from, and why not from others that were done here. */
function basisOf({ jobs, ofAnyPreset }: Learnt, done: number): string {
  const past = (count: number) => `${counted(count, 'job')} of this machine`;
  if (jobs > 0) return `estimated by ${past(jobs)}`;
  const others = 'by measurements on other machines';
  if (ofAnyPreset > 0)
    return `estimated ${others}, since no job here had this preset; reading and verifying by ${past(ofAnyPreset)}`;
  if (done === 0) return `estimated ${others}: a first job here makes it better`;
  return `estimated ${others}: ${past(done)} made another recipe, or no film as a whole; a first job of this one makes it better`;
}
