import { sameNameAs } from '../../core/job/result-place.ts';
import type { NameHolder, ResultNames } from '../../core/ports/result-names.ts';

/** The names as they are, with changes that are forgotten: a plan takes no names. */
export function unrecordedNames(names: Pick<ResultNames, 'holderOf'>): ResultNames {
  const changed = new Map<string, NameHolder | undefined>();
  const holderOf = async (key: string) => {
    const name = sameNameAs(key);
    return changed.has(name) ? changed.get(name) : names.holderOf(key);
  };
  return {
    holderOf,
    async take(key, holder) {
      const there = await holderOf(key);
      if (there) return { ...there, isNew: false };
      changed.set(sameNameAs(key), holder);
      return { ...holder, isNew: true };
    },
    async give(key, holder) {
      changed.set(sameNameAs(key), holder);
    },
    async giveUp(key, job) {
      if ((await holderOf(key))?.job === job) changed.set(sameNameAs(key), undefined);
    },
  };
}
