import { ANIMATION_NAMES } from '../core/film/animation.ts';
import { mainVideo } from '../core/film/probe.ts';
import type { Unfolded } from '../core/ports/file-maker.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { SourceFacts } from './read-source.ts';
import type { Stopwatch } from './stopwatch.ts';

/** A source to be read. An animated picture is read from the film that was made of it. */
type Film<File> = { readonly file: File; readonly unfolded: Unfolded | undefined };

type Unfolding = {
  readonly ports: Pick<Ports, 'maker'>;
  readonly watch: Stopwatch;
  readonly signal: AbortSignal;
};

/**
 * Writes an animated GIF, APNG or WebP as a film into `folder`, and returns any other file unchanged. Throws what
 * `FileMaker.unfold` throws.
 */
export async function asFilm<File extends { readonly path: string }>(
  file: File,
  folder: string,
  { ports, watch, signal }: Unfolding,
): Promise<Film<File>> {
  const path = `${folder}/animation.mov`;
  const unfolded = await watch.time('probe', () => ports.maker.unfold(file.path, path, signal));
  return { file: unfolded ? { ...file, path } : file, unfolded };
}

/** Returns the facts of a film with the codec, opacity and warning of the animation that it was made from. */
export function asAnimation(facts: SourceFacts, { unfolded }: Film<unknown>, original: string): SourceFacts {
  if (!unfolded) return facts;
  const { kind, isOpaque, lastSeconds } = unfolded;
  const main = mainVideo(facts.probe);
  if (!main) return facts;
  const video = isOpaque ? { ...main.video, pixelFormat: 'rgb24' } : main.video;
  const told = { ...main, codec: kind, video };
  const warning = `the source is an animated ${ANIMATION_NAMES[kind]}: it is made into a film of one round`;
  return {
    ...facts,
    main: told,
    probe: { ...facts.probe, streams: facts.probe.streams.map((each) => (each === main ? told : each)) },
    warnings: [warning, ...facts.warnings],
    original,
    lastSeconds,
  };
}
