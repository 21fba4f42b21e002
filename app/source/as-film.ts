import { usage } from '../../core/errors.ts';
import { ANIMATION_NAMES } from '../../core/film/animation.ts';
import { isMatroska, mainVideo } from '../../core/film/probe.ts';
import type { JoinedPrograms, PackedSequence, Unfolded } from '../../core/ports/file-maker.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { formatRational, type Rational } from '../../core/units.ts';
import type { JobRequest } from '../job-request.ts';
import type { Stopwatch } from '../stopwatch.ts';
import type { SourceFacts } from './read-source.ts';

/**
 * A source that is to be read; where it is an animated picture, a sequence of pictures or recordings with several sets of PIDs or
 * identifiers, the film that was made of it.
 */
type Film<File> = {
  readonly file: File;
  readonly unfolded?: Unfolded;
  readonly joined?: JoinedPrograms;
  readonly packed?: PackedSequence & { readonly frameRate: Rational; readonly isRateAsked: boolean };
};

type Unfolding = {
  readonly request: Pick<JobRequest, 'source' | 'recipe'>;
  readonly ports: Pick<Ports, 'maker'>;
  readonly watch: Stopwatch;
  readonly settings: Partial<Settings>;
  readonly signal: AbortSignal;
};

/** The rate of a sequence of pictures unless `fps=` says another. */
export const USUAL_RATE: Rational = { num: 25, den: 1 };

/**
 * Makes a film in `folder` of an animated GIF, APNG or WebP, of a sequence of pictures, or of recordings in one transport or program
 * stream whose streams go on under other PIDs or identifiers; everything else stays as it is.
 * Throws what `FileMaker.unfold` and `packSequence` throw, and `usage` for settings of a sequence with another source.
 */
export async function asFilm<File extends { readonly path: string }>(
  file: File,
  folder: string,
  { request, ports, watch, settings, signal }: Unfolding,
): Promise<Film<File>> {
  const { fps: frameRate = USUAL_RATE, gaps = 'refuse' } = settings;
  const sequence = { path: file.path, output: `${folder}/sequence.mov`, frameRate, gaps };
  const packed = await watch.time('probe', () => ports.maker.packSequence(sequence, signal));
  if (packed) {
    const isRateAsked = settings.fps !== undefined;
    return { file: { ...file, path: sequence.output }, packed: { ...packed, frameRate, isRateAsked } };
  }
  refuseSequenceSettings(request, settings);
  const path = `${folder}/animation.mov`;
  const unfolded = await watch.time('probe', () => ports.maker.unfold(file.path, path, signal));
  if (unfolded) return { file: { ...file, path }, unfolded };
  const output = `${folder}/one-program`;
  const task = { path: file.path, output, damaged: settings.damaged === 'accept' ? ('accept' as const) : undefined };
  const joined = await watch.time('probe', () => ports.maker.joinPrograms(task, signal));
  return joined ? { file: { ...file, path: output }, joined } : { file };
}

/** Throws `usage` for settings of a sequence with a film. In `upscale` the rate of a film may be changed. */
export function refuseSequenceSettings(
  { source, recipe }: Pick<JobRequest, 'source' | 'recipe'>,
  { fps, gaps }: Partial<Settings>,
): void {
  const name = gaps === undefined ? fps && recipe.makes !== 'enlarged' && 'fps' : 'gaps';
  if (name)
    throw usage(
      `${name}= is for sequences of pictures, as frame_%05d.png; ${source} is one file, with times of its own`,
    );
}

/** Returns what was read of a film with what it was made from: an animation, a sequence, or recordings. */
export function asItWas(facts: SourceFacts, film: Film<unknown>, original: string): SourceFacts {
  if (film.packed) return asSequence(facts, film.packed);
  if (film.joined) {
    const { told } = film.joined;
    const warnings = told === undefined ? facts.warnings : [told, ...facts.warnings];
    const rewritten = isMatroska(facts.probe) && { rewritten: { namedProgram: false } }; // an FLV, whose scripts are left out
    return { ...facts, ...rewritten, original, copies: (facts.copies ?? 0) + 1, warnings };
  }
  return film.unfolded ? asAnimation(facts, film.unfolded, original) : facts;
}

function asSequence(
  facts: SourceFacts,
  { frames, told, frameRate, isRateAsked }: NonNullable<Film<unknown>['packed']>,
) {
  const rate = formatRational(frameRate).replace(/\/1$/, '');
  const asked = isRateAsked ? '' : ', since fps= names no other rate';
  const warning = `the source is a sequence: its ${frames} pictures are shown at ${rate} a second${asked}`;
  return { ...facts, warnings: [warning, ...told, ...facts.warnings], isSequence: true as const };
}

function asAnimation(facts: SourceFacts, unfolded: Unfolded, original: string): SourceFacts {
  const { kind, isOpaque, lastSeconds, hurried, others } = unfolded;
  const main = mainVideo(facts.probe);
  if (!main) return facts;
  const video = isOpaque ? { ...main.video, pixelFormat: 'rgb24' } : main.video;
  const told = { ...main, codec: kind, video };
  const warning = `the source is an animated ${ANIMATION_NAMES[kind]}: it is made into a film of one round`;
  return {
    ...facts,
    main: told,
    probe: { ...facts.probe, streams: facts.probe.streams.map((each) => (each === main ? told : each)) },
    warnings: [
      warning,
      ...(hurried === undefined ? [] : [hurried]),
      ...(others.length === 0 ? [] : [`what it holds besides does not go with the film: ${others.join(', ')}`]),
      ...facts.warnings,
    ],
    original,
    copies: 1,
    lastSeconds,
  };
}
