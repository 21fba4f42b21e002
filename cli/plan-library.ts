import process from 'node:process';
import type { LaidOrder } from '../app/placing.ts';
import { planFigures } from '../app/plan-drop.ts';
import { asServiceError, ServiceError } from '../core/errors.ts';
import { mainVideo } from '../core/film/probe.ts';
import { formatBytes, formatSaving, formatSeconds } from '../core/format.ts';
import { type FilmToPlan, type LibraryEstimate, NO_FILMS, withFilm } from '../core/plan/library-estimate.ts';
import { type Learnt, learnFrom } from '../core/plan/past-jobs.ts';
import { resolveSettings } from '../core/settings/settings.ts';
import { toNumber } from '../core/units.ts';
import { cores, type LocalPorts } from '../runtime/local-ports.ts';
import { pastManifests } from '../runtime/past-manifests.ts';
import { widthOf } from '../runtime/people.ts';
import { fittedText } from './display-width.ts';
import { knownFilms } from './known-films.ts';
import type { FilmBatch, RunFilm } from './named-films.ts';
import { printable } from './printable.ts';

type PlanLibraryOptions = {
  readonly local: LocalPorts;
  readonly out: string;
  readonly remake: boolean | undefined;
  readonly json: boolean | undefined;
  readonly signal: AbortSignal;
  fail(source: string, error: unknown): void;
};

type Planned = LibraryEstimate & {
  readonly unchanged: number;
  readonly unreadable: number;
  readonly learntFrom: number;
};

/** Tells for each order what a library would become, from the headers of its films. Nothing is read whole, nothing is made. */
export async function planLibrary(
  batches: () => AsyncIterable<FilmBatch>,
  orders: readonly LaidOrder[],
  options: PlanLibraryOptions,
): Promise<void> {
  const past = await pastManifests(options.local.jobs);
  for (const order of orders) {
    const { preset = '' } = resolveSettings(order.recipe, order.settings);
    const usual = order.recipe.defaults.preset ?? '';
    const learnt = learnFrom(past, { recipe: order.recipe.id, preset, usual });
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
  let unreadable = 0;
  for await (const batch of batches) {
    for (const { path, failure } of batch.unreadable) fail(path, failure);
    const due = [...(await knowledge.dueAmong(batch)).keys()];
    const looking = Array.from({ length: cores() }, async () => {
      for (let film = due.pop(); film; film = due.pop()) {
        const found = await look(film, order, local, signal);
        if (found) library = withFilm(library, found, estimating);
        else unreadable++;
      }
    });
    await Promise.all(looking);
  }
  return { ...library, unchanged: knowledge.unchanged(), unreadable, learntFrom: learnt.jobs };
}

/** Returns what a film's header tells; undefined if it is no film or a recipe cannot make anything of it. */
async function look(
  { location, source, places }: RunFilm,
  order: LaidOrder,
  local: LocalPorts,
  signal: AbortSignal,
): Promise<FilmToPlan | undefined> {
  try {
    const { probe } = await local.portsFor(places).reader.inspect(location, signal);
    const main = mainVideo(probe);
    if (!main) throw new ServiceError('not-video', `${source} has no picture`);
    const { width, height, averageFrameRate, baseFrameRate } = main.video;
    const rate = averageFrameRate ?? baseFrameRate;
    const figures = { width, height, fps: rate ? toNumber(rate) : 25, minutes: (probe.durationSeconds ?? 0) / 60 };
    return { bytes: probe.bytes, renditions: planFigures(figures, order, cores()).renditions };
  } catch (error) {
    signal.throwIfAborted();
    if (asServiceError(error).code === 'bug') throw error;
    return undefined;
  }
}

function tell(
  { recipe }: LaidOrder,
  { encodeSeconds, otherSeconds, ...plan }: Planned,
  { json }: PlanLibraryOptions,
): void {
  const { films, bytesBefore, bytesAfter, diskBytes, unchanged, unreadable, learntFrom } = plan;
  const seconds = encodeSeconds + otherSeconds;
  if (json) {
    const told = { films, bytesBefore, bytesAfter, seconds, encodeSeconds, otherSeconds, diskBytes };
    const line = { type: 'plan.library', recipe: recipe.id, ...told, unchanged, unreadable, learntFrom };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return;
  }
  const basis =
    learntFrom > 0
      ? `by ${learntFrom} ${learntFrom === 1 ? 'job' : 'jobs'} of this machine`
      : 'by measurements on other machines: a first job here makes it better';
  const lines = [
    `${printable(recipe.id)}: ${films} ${films === 1 ? 'film' : 'films'}, ${formatBytes(bytesBefore)} now, about ${formatBytes(bytesAfter)} after (${formatSaving(bytesBefore, bytesAfter)})`,
    `about ${formatSeconds(seconds)} of work here, ${formatSeconds(otherSeconds)} of it reading and verifying; ${formatBytes(diskBytes)} of disk at most`,
    `estimated ${basis}`,
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(unreadable > 0 ? [`${unreadable} cannot be read as films, and would fail with a reason each`] : []),
  ];
  process.stdout.write(`${fittedText(lines.join('\n'), widthOf(process.stdout), 2)}\n`);
}
