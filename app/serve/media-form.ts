import { type FragmentPlan, planFragments } from '../../core/fragment/plan-fragments.ts';
import type { OpenObject } from '../../core/ports/media-objects.ts';
import type { AnswerPiece } from '../../core/serving/batches.ts';
import type { MediaRequest } from '../../core/serving/media-request.ts';
import { type FoundMovie, findMovie } from './find-movie.ts';

/** How an object is served: as it lies there, or as its fragmented form. */
export type MediaForm = {
  readonly bytes: number;
  /** Part of the tag: the same version of an object has another tag in each form. */
  readonly tag: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isFragmented: boolean;
  piecesOf(start: number, end: number): Iterable<AnswerPiece>;
  /** Where an answer may be cut at or before a byte. */
  borderBefore(byte: number): number;
};

/** What was planned lately, by version and tracks; a player asks for the same file again and again. */
export type PlansAtHand = Map<string, FragmentPlan>;

/** Plans of a day of film have 200 MB; those of ordinary films less than one. */
const MOST_MEMORY = 256 * 2 ** 20;
/** Changes whenever the same file would be written in other bytes, so that no answer is joined with one of an older release. */
const FORM_VERSION = 1;

/**
 * Returns the form in which an object is served. A fragmented form is planned once for each version, and refused with the reason where the file
 * cannot be cut into fragments.
 */
export async function mediaForm(
  object: OpenObject,
  { key, frag, tracks }: MediaRequest,
  plans: PlansAtHand,
  signal: AbortSignal,
): Promise<MediaForm> {
  if (!frag) return plainForm(object, {});
  const name = JSON.stringify([key, object.version, tracks]);
  const known = plans.get(name);
  if (known) {
    plans.delete(name); // what was used last stands last
    plans.set(name, known);
    return fragmentedForm(known, tracks);
  }
  const found: FoundMovie = await findMovie(object, signal);
  if ('isFragmented' in found) return plainForm(object, { 'x-reelmill-fragments': 'its-own' });
  if ('reason' in found) return refused(object, found.reason);
  const planned = planFragments(found.moov, { fileBytes: object.bytes, tracks });
  if ('reason' in planned) return refused(object, planned.reason);
  keep(plans, name, planned.plan);
  return fragmentedForm(planned.plan, tracks);
}

function keep(plans: PlansAtHand, name: string, plan: FragmentPlan): void {
  plans.set(name, plan);
  let memory = [...plans.values()].reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
  for (const [oldest, { memoryBytes }] of plans) {
    if (memory <= MOST_MEMORY || plans.size === 1) return;
    plans.delete(oldest);
    memory -= memoryBytes;
  }
}

const refused = (object: OpenObject, reason: string) =>
  plainForm(object, { 'x-reelmill-not-fragmented': headerText(reason) });

const plainForm = ({ bytes }: OpenObject, headers: Readonly<Record<string, string>>): MediaForm => ({
  bytes,
  tag: '',
  headers,
  isFragmented: false,
  piecesOf: (start, end) => [{ start, end }],
  borderBefore: (byte) => byte,
});

const fragmentedForm = (plan: FragmentPlan, tracks: readonly number[]): MediaForm => ({
  bytes: plan.bytes,
  tag: `f${FORM_VERSION}${tracks.length > 0 ? `t${tracks.join('.')}` : ''}`,
  headers: {
    'content-type': plan.hasPicture ? 'video/mp4' : 'audio/mp4',
    'x-reelmill-fragments': 'made',
    ...(plan.leftOut.length > 0 && { 'x-reelmill-left-out': headerText(leftOutWords(plan)) }),
  },
  isFragmented: true,
  piecesOf: (start, end) => plan.piecesOf(start, end),
  borderBefore: (byte) => plan.borderBefore(byte),
});

const leftOutWords = ({ leftOut }: FragmentPlan) =>
  leftOut.map(({ id, handler, why }) => `track ${id} (${handler}) ${why}`).join('; ');

const LONGEST_WORDS = 400;

/** Header values are printable ASCII. */
const headerText = (words: string) => words.replace(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_WORDS);
