import type { Trouble, TroubleKind } from '../line/trouble.ts';

const JUST_NOW_MS = 1000;

/** What went wrong last, by which a film that stands still is explained. */
export function rememberTrouble() {
  let last: { readonly trouble: Trouble; readonly at: number } | undefined;
  return {
    note(trouble: Trouble): void {
      last = { trouble, at: performance.now() };
    },
    last: () => last,
    /** The kind of a trouble of the last second; undefined where there was none. */
    kindNow: (): TroubleKind | undefined =>
      last && performance.now() - last.at < JUST_NOW_MS ? last.trouble.kind : undefined,
  };
}
