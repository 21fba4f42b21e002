import { clock } from '../format.ts';

/** Where the clock of a file jumps: when the recording behind it begins, by times that go on, and how far the clock goes ahead or back, in seconds. */
export type ClockJump = { readonly stream: number; readonly toSeconds: number; readonly bySeconds: number };

/** So many jumps are named by their times. */
const MOST_NAMED = 5;

/** Jumps of several streams belong together where they are as near to each other as this. */
const TOGETHER_SECONDS = 2;
/** A clock that is off by less is no other recording to anybody. */
const LEAST_SECONDS = 1;

/** Says where a file holds another recording. `startSeconds` is when the file begins by its own clock. */
export function jumpsTold(jumps: readonly ClockJump[], startSeconds: number): readonly string[] {
  const found = together(jumps)
    .map((jump) => ({ ...jump, bySeconds: unwrapped(jump.bySeconds) }))
    .filter(({ bySeconds }) => Math.abs(bySeconds) >= LEAST_SECONDS);
  if (found.length === 0) return [];
  const named = found.slice(0, MOST_NAMED).map(({ toSeconds, bySeconds }) => {
    const way = bySeconds > 0 ? 'ahead' : 'back';
    return `${Math.abs(bySeconds).toFixed(1)} s ${way} at ${clock(Math.max(0, toSeconds - startSeconds), 0.1)}`;
  });
  const more = found.length > MOST_NAMED ? ` and ${found.length - MOST_NAMED} more times` : '';
  return [
    `the source's clock jumps (${named.join(', ')}${more}): another recording is taken to begin there, and follows without a pause`,
  ];
}

/** The clock of a transport stream counts 33 bits of 90 kHz. A jump back is read as one ahead of almost as much. */
const WRAPS_SECONDS = 2 ** 33 / 90_000;
const unwrapped = (seconds: number) =>
  Math.abs(seconds) > WRAPS_SECONDS / 2 ? seconds - Math.sign(seconds) * WRAPS_SECONDS : seconds;

/** The streams of a file share its clock, and between two recordings one of them may jump back and forth. */
function together(jumps: readonly ClockJump[]): readonly ClockJump[] {
  const found: ClockJump[] = [];
  for (const jump of jumps) {
    const last = found.at(-1);
    if (last && Math.abs(jump.toSeconds - last.toSeconds) < TOGETHER_SECONDS)
      found[found.length - 1] = { ...last, bySeconds: last.bySeconds + jump.bySeconds };
    else found.push(jump);
  }
  return found;
}
