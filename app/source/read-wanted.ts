import { ServiceError } from '../../core/errors.ts';
import { refuseOverLimits } from '../../core/film/limits.ts';
import { mainVideo } from '../../core/film/probe.ts';
import { excerptSeconds, excerptWindows, isComparison } from '../../core/plan/comparison.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { JobRequest } from '../job-request.ts';
import { asFilm, asItWas } from './as-film.ts';
import { asBeforeTelecine, beforeTelecine, refuseUnlikeSource } from './before-telecine.ts';
import type { FoundFile, ReadingContext } from './inspect-film.ts';
import { readSource, type SourceFacts } from './read-source.ts';

type Reading = { readonly request: JobRequest; readonly ports: Ports; readonly context: ReadingContext };

/**
 * Reads the source, or a file in `folder` with what is wanted of it: its frames before telecine, or some windows of its
 * picture for a comparison. Throws what `readSource` throws.
 */
export async function readWanted(source: FoundFile, folder: string, reading: Reading): Promise<SourceFacts> {
  const film = await asFilm(source, folder, { ...reading, ...reading.context });
  return asItWas(await readFilm(film.file, folder, reading), film, source.path);
}

async function readFilm(file: FoundFile, folder: string, reading: Reading): Promise<SourceFacts> {
  const { ports } = reading;
  const context = { ...reading.context, folder };
  const restored =
    context.settings.telecine === 'inverse' ? await beforeTelecine(file, folder, { ...reading, context }) : undefined;
  const film = restored?.file ?? file;
  // what was found of the source's fields does not hold for a film that was made of it
  const request = { ...reading.request, ...(restored && { fields: undefined }) };
  const windows = isComparison(context.settings) ? await windowsOf(film, reading) : [];
  if (windows.length === 0) {
    const facts = await readSource(film, request, ports, context);
    if (restored) refuseUnlikeSource(facts, restored.was, request);
    return restored ? asBeforeTelecine(facts, restored.was) : facts;
  }
  const output = `${folder}/excerpt.mkv`;
  const source = await pictureOf(film, reading);
  await context.watch.time('index', () => ports.maker.excerpt(source, { windows, output }, context.signal));
  const excerpt = await readSource({ ...film, path: output }, { ...request, fields: undefined }, ports, context);
  const facts = restored ? asBeforeTelecine(excerpt, restored.was) : excerpt;
  const what = `compared on ${excerptSeconds(windows)} s of the picture, from ${windows.map(({ startSeconds }) => startSeconds.toFixed(1)).join(', ')} s on`;
  return { ...facts, warnings: [...facts.warnings, what] };
}

const windowsOf = async (file: FoundFile, reading: Reading) =>
  excerptWindows((await pictureOf(file, reading)).probe.durationSeconds ?? 0);

async function pictureOf({ path }: FoundFile, { request, ports, context }: Reading): Promise<Source> {
  const { probe } = await ports.reader.inspect(path, context.signal);
  refuseOverLimits(probe);
  const main = mainVideo(probe);
  if (!main)
    throw new ServiceError(
      'not-video',
      `${request.source} has no picture, so that there is no film in it; drop a video`,
    );
  return { path, probe, stream: main.index };
}
