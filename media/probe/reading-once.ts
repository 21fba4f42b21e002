import { stat } from 'node:fs/promises';
import type { Media, Source, WorkOptions } from '../../core/ports/media.ts';

/**
 * The same, but what was read of a file is not read again while the file stays as it is: for the recipes of one drop,
 * which all begin with the same source. It keeps what it read, so it is to live no longer than they take.
 */
export function readingOnce(media: Media): Media {
  const hash = remembering(media.hash);
  const inspect = remembering(media.inspect);
  const survey = remembering(media.survey);
  const surveyFrames = remembering(media.surveyFrames);
  const pictureShapes = remembering(media.pictureShapes);
  const isInterlaced = remembering(media.isInterlaced);
  const of = ({ path, stream }: Source) => ({ path, part: `${stream}` });
  const listeners = new Map<string, WorkOptions['onProgress']>();
  return {
    ...media,
    hash(path, { signal, onProgress }) {
      listeners.set(path, onProgress); // whoever asks last is told how far it is, whoever had it begun
      return hash({ path, part: '' }, path, { signal, onProgress: (bytes) => listeners.get(path)?.(bytes) });
    },
    inspect: (path, signal, damaged) => inspect({ path, part: damaged ?? '' }, path, signal, damaged),
    survey: (source, options) => survey(of(source), source, options),
    surveyFrames: (source, options) => surveyFrames(of(source), source, options),
    pictureShapes: (source, signal) => pictureShapes(of(source), source, signal),
    isInterlaced: (source, seconds, signal) => isInterlaced(of(source), source, seconds, signal),
  };
}

type What = { readonly path: string; readonly part: string };

/** A reading that failed, or was stopped, is forgotten. */
function remembering<Given extends readonly unknown[], Result>(read: (...given: Given) => Promise<Result>) {
  const known = new Map<string, Promise<Result>>();
  return async (what: What, ...given: Given): Promise<Result> => {
    const state = await stateOf(what.path);
    if (state === undefined) return read(...given);
    const name = JSON.stringify([what.path, what.part, state]);
    const before = known.get(name);
    if (before !== undefined) return before;
    const reading = read(...given);
    known.set(name, reading);
    reading.catch(() => known.delete(name));
    return reading;
  };
}

/** Whoever writes to a file, or puts another in its place, changes one of these. Undefined where there is none to be seen. */
async function stateOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return undefined; // the reading itself says what is wrong
  }
}
