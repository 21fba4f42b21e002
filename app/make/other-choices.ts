import type { RenditionRecord } from '../../core/job/manifest.ts';
import { keyAt } from '../../core/job/result-place.ts';
import type { RecipeKeys } from '../../core/recipes/recipe-key.ts';
import type { Before, Decision } from '../decide/decide-job.ts';
import type { Outcome } from './make-all.ts';

type Keys = ReadonlyMap<string, RecipeKeys> | undefined;

/** The outcomes with the key of each rendition, so that a later drop that names it finds it, whatever else that one names. */
export const withChoiceKeys = (outcomes: readonly Outcome[], keys: Keys): readonly Outcome[] =>
  outcomes.map((outcome) => {
    const [recipeKey] = keys?.get(outcome.record.name) ?? [];
    return recipeKey === undefined ? outcome : { ...outcome, record: { ...outcome.record, recipeKey } };
  });

/** What earlier drops named and stays: made of the same source, and as it was published. */
export function otherOutcomes({ before }: Pick<Decision, 'before'>, sha256: string): readonly Outcome[] {
  if (before?.manifest.source.sha256 !== sha256) return [];
  return before.others.flatMap((record) => {
    const now = before.files.get(record.path);
    return now?.sha256 === record.sha256 ? [{ kind: 'kept' as const, record, now }] : [];
  });
}

/** What earlier drops named and was made of the source as it is no longer: it goes, unless somebody has changed it since. */
export function outdatedChoices(before: Before | undefined, sha256: string): readonly RenditionRecord[] {
  if (!before || before.manifest.source.sha256 === sha256) return [];
  return before.others.filter(({ path, sha256: was }) => before.files.get(path)?.sha256 === was);
}

/** Returns the warning about a result of an earlier source that this drop removes. */
export const outdatedTold = ({ path }: RenditionRecord, request: { readonly outputPrefix: string }): string =>
  `${keyAt(request, path)} was made of the source as it was before, and this drop does not name it: it is removed`;
