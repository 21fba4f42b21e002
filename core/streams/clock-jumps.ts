import { ServiceError } from '../errors.ts';
import { clock } from '../format.ts';

/** Where the clock of a stream jumps: when the recording behind it begins, by times that go on, and how far the clock goes ahead or back, in seconds. */
export type ClockJump = { readonly stream: number; readonly toSeconds: number; readonly bySeconds: number };

/** The picture of a film, and when its file begins. */
type FilmClock = { readonly stream: number; readonly startSeconds: number };

/** So many jumps are named by their times. */
const MOST_NAMED = 5;

/** A clock that is off by less is no other recording to anybody. */
const LEAST_SECONDS = 1;

/** Says where a file holds another recording, by the jumps of its picture. `startSeconds` is when the file begins by its own clock. */
export function jumpsTold(jumps: readonly ClockJump[], { stream, startSeconds }: FilmClock): readonly string[] {
  const found = jumps
    .filter((jump) => jump.stream === stream)
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

/** Nobody accepts sound that is early or late by more than this (ITU-R BT.1359-1: from 90 to 185 ms on, by which of them comes first). */
const UNACCEPTED_SECONDS = 0.2;
/** Sound that is off by less than this is where it was. */
const IN_STEP_SECONDS = 0.02;

/**
 * Returns what is told of sounds that go out of step where recordings are joined: a recording's sound and picture end apart, and what is behind a
 * joint goes on where each of them has ended. Throws `bad-input` where nobody would accept that, unless damage is accepted.
 */
export function soundsApart(
  jumps: readonly ClockJump[],
  picture: number,
  damaged: 'accept' | undefined,
): readonly string[] {
  const ofPicture = untilEach(jumps, picture);
  const sounds = [...new Set(jumps.map(({ stream }) => stream))].filter((stream) => stream !== picture);
  return sounds.flatMap((stream) => {
    const late = untilEach(jumps, stream).flatMap((until, i) => (ofPicture[i] ?? until) - until);
    const most = late.reduce((worst, each) => (Math.abs(each) > Math.abs(worst) ? each : worst), 0);
    if (Math.abs(most) < IN_STEP_SECONDS) return [];
    const off = `sound of stream ${stream} about ${Math.abs(most).toFixed(2)} s too ${most > 0 ? 'late' : 'early'}`;
    if (Math.abs(most) >= UNACCEPTED_SECONDS && damaged !== 'accept')
      throw new ServiceError(
        'bad-input',
        `it holds several recordings whose sound and picture end apart, which puts ${off}; cut it where a recording begins, or accept that with damaged=accept`,
      );
    return [`the recordings in the source end with sound and picture apart, which puts ${off} behind the joints`];
  });
}

/** How far a stream's clock has jumped with each of its jumps, in seconds. */
function untilEach(jumps: readonly ClockJump[], of: number): readonly number[] {
  let sum = 0;
  return jumps.flatMap(({ stream, bySeconds }) => {
    if (stream !== of) return [];
    sum += bySeconds;
    return [sum];
  });
}
