import { stat } from 'node:fs/promises';
import type { FilmReader, Source, SurveyOptions } from '../../core/ports/film-reader.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';

/**
 * Returns the reader with its readings remembered while the file stays unchanged, for the recipes of one drop, which all begin
 * with the same source. It keeps all results in memory, so it should live no longer than the drop's work.
 */
export function readingOnce(reader: FilmReader): FilmReader {
  const hash = remembering(reader.hash);
  const inspect = remembering(reader.inspect);
  const survey = remembering(reader.survey);
  const surveyFrames = remembering(reader.surveyFrames);
  const pictureShapes = remembering(reader.pictureShapes);
  const shapeRuns = remembering(reader.shapeRuns);
  const measureFields = remembering(reader.measureFields);
  const of = ({ path, stream }: Source) => ({ path, part: `${stream}` });
  const placesOf = ({ path, stream }: Source, { tellsPlaces = false }: SurveyOptions) => ({
    path,
    part: `${stream} ${tellsPlaces}`,
  });
  const decodingOf = ({ path, stream, probe }: Source) => ({ path, part: `${stream} ${probe.byOneThread}` });
  const listeners = new Map<string, WorkOptions['onProgress']>();
  return {
    ...reader,
    hash(path, { signal, onProgress }) {
      listeners.set(path, onProgress); // the last caller gets the progress, whichever caller began the hashing
      return hash({ path, part: '' }, path, { signal, onProgress: (bytes) => listeners.get(path)?.(bytes) });
    },
    inspect: (path, signal, how = {}) => inspect({ path, part: JSON.stringify(how) }, path, signal, how),
    survey: (source, options) => survey(placesOf(source, options), source, options),
    surveyFrames: (source, options) => surveyFrames(decodingOf(source), source, options),
    pictureShapes: (source, signal) => pictureShapes(of(source), source, signal),
    shapeRuns: (source, signal) => shapeRuns(decodingOf(source), source, signal),
    measureFields: (source, film, signal) => measureFields(of(source), source, film, signal),
  };
}

/** Which reading of a file is meant: `part` is a stream or an option. */
type ReadingName = { readonly path: string; readonly part: string };

/** Remembers the results of `read`. A reading that failed, or was stopped, is forgotten. */
function remembering<Given extends readonly unknown[], Result>(read: (...given: Given) => Promise<Result>) {
  const known = new Map<string, Promise<Result>>();
  return async ({ path, part }: ReadingName, ...given: Given): Promise<Result> => {
    const state = await stateOf(path);
    if (state === undefined) return read(...given);
    const name = JSON.stringify([path, part, state]);
    const before = known.get(name);
    if (before !== undefined) return before;
    const reading = read(...given);
    known.set(name, reading);
    reading.catch(() => known.delete(name));
    return reading;
  };
}

/** Returns a text that changes when the file is written or replaced; undefined where the file cannot be seen. */
async function stateOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return undefined; // the reading itself then fails with the reason
  }
}
