import { ServiceError } from '../errors.ts';
import type { Probe } from '../film/probe.ts';
import { clock } from '../format.ts';
import { CLOCK_RANGE } from '../recordings/clock-fields.ts';
import { type ClockMove, TICKS_A_SECOND } from '../recordings/recordings.ts';
import type { Settings } from '../settings/settings.ts';
import type { StreamPlan } from './stream-plan.ts';

/**
 * A jump of a stream's clock. `toSeconds` is when the recording behind it begins, by the corrected clock; `bySeconds` is how far the clock
 * goes ahead, or back where it is negative.
 */
export type ClockJump = { readonly stream: number; readonly toSeconds: number; readonly bySeconds: number };

/** So many jumps are named by their times. */
const MOST_NAMED = 5;

/** A clock that is off by less is no other recording to anybody. */
const LEAST_SECONDS = 1;

/** Says where a file holds another recording. `startSeconds` is when the file begins by its own clock. */
export function jumpsTold(jumps: readonly Omit<ClockJump, 'stream'>[], startSeconds: number): readonly string[] {
  const found = jumps
    .map((jump) => ({ ...jump, bySeconds: unwrapped(jump.bySeconds) }))
    .filter(({ bySeconds }) => Math.abs(bySeconds) >= LEAST_SECONDS);
  if (found.length === 0) return [];
  const named = found.slice(0, MOST_NAMED).map(({ toSeconds, bySeconds }) => {
    const way = bySeconds > 0 ? 'ahead' : 'back';
    return `${Math.abs(bySeconds).toFixed(1)} s ${way} at ${clock(Math.max(0, toSeconds - startSeconds), 0.1)}`;
  });
  const more = found.length > MOST_NAMED ? ` and ${found.length - MOST_NAMED} more times` : '';
  return [
    `the source's clock jumps (${named.join(', ')}${more}): another recording is taken to begin there, and follows the one before`,
  ];
}

/** The clock begins again at 0 behind so many seconds, so that a jump back is also one ahead of almost as much. */
const WRAPS_SECONDS = CLOCK_RANGE / TICKS_A_SECOND;
const unwrapped = (seconds: number) =>
  Math.abs(seconds) > WRAPS_SECONDS / 2 ? seconds - Math.sign(seconds) * WRAPS_SECONDS : seconds;

/** A stream that alone goes back by less than this has a gap in its times, and begins no recording. */
const RECORDING_SECONDS = 0.5;
/** ITU-R BT.1359-1 calls sound that is 90 ms early or 185 ms late unacceptable; this is a little more than both. */
const UNACCEPTED_SECONDS = 0.2;
/** Sound that is off by less than this is where it was. */
const IN_STEP_SECONDS = 0.02;

/**
 * Returns the largest offset of a sound from its picture, in seconds, positive where the sound is late. Sound and picture of a recording
 * may end apart, and what is behind a joint goes on where each of them has ended. Returns undefined where their jumps are not those of the
 * same recordings.
 */
export function apartSeconds(
  jumps: readonly ClockJump[],
  { picture, sound }: { readonly picture: number; readonly sound: number },
): number | undefined {
  const [ofPicture, ofSound] = [untilEach(jumps, picture), untilEach(jumps, sound)];
  if (ofPicture.length !== ofSound.length) return undefined;
  const late = ofSound.map((until, i) => (ofPicture[i] ?? until) - until);
  return late.reduce((worst, each) => (Math.abs(each) > Math.abs(worst) ? each : worst), 0);
}

/** How far a stream's clock has jumped with each of its recordings, in seconds. */
function untilEach(jumps: readonly ClockJump[], of: number): readonly number[] {
  let sum = 0;
  return jumps.flatMap(({ stream, bySeconds }) => {
    if (stream !== of || Math.abs(bySeconds) < RECORDING_SECONDS) return [];
    sum += bySeconds;
    return [sum];
  });
}

/** The recordings of a file: where times jump, how they come onto one clock, and which stream is the picture. */
type JoinedRecordings = {
  readonly jumps: readonly ClockJump[];
  readonly moves: readonly ClockMove[];
  readonly picture: number;
};

/**
 * Whether the recordings of a file are to be written with one clock first. ffmpeg takes a clock that goes ahead for a pause, lets each stream
 * go on by its own clock, so that a sound may be out of step behind a joint, and cannot correct texts, which have no clock. Data of such
 * files keep no times.
 */
export const needsOneClock = (
  { jumps, moves, picture }: JoinedRecordings,
  { streams }: Pick<Probe, 'streams'>,
): boolean =>
  jumpsOf(moves).some(({ bySeconds }) => bySeconds > 0) ||
  streams.some(({ index, type }) => {
    if (type !== 'audio') return type === 'subtitle';
    const seconds = apartSeconds(jumps, { picture, sound: index });
    return seconds === undefined || Math.abs(seconds) >= IN_STEP_SECONDS;
  });

/** Returns how far the clock had jumped where each recording begins, by the times that it has now. */
export const jumpsOf = (moves: readonly ClockMove[]): readonly Omit<ClockJump, 'stream'>[] =>
  moves.map(({ ticks, beginsSeconds }, i) => ({
    toSeconds: beginsSeconds,
    bySeconds: ((moves[i - 1]?.ticks ?? 0) - ticks) / TICKS_A_SECOND,
  }));

type JoinedSound = { readonly stream: number; readonly apartSeconds?: number; readonly isApartUnknown?: true };

/** Throws `bad-input` where a sound of the rendition would be off by what nobody accepts, unless damage is accepted. */
export function refuseApart(
  plans: readonly StreamPlan[],
  surveys: readonly JoinedSound[],
  damaged?: Settings['damaged'],
): void {
  for (const { seconds, words } of apartOf(plans, surveys)) {
    if (Math.abs(seconds) < UNACCEPTED_SECONDS || damaged === 'accept') continue;
    throw new ServiceError(
      'bad-input',
      `${words}; cut it where a recording begins, or accept that with damaged=accept`,
    );
  }
}

/** Returns what people are told of sounds that are out of step where recordings are joined. */
export const apartTold = (plans: readonly StreamPlan[], surveys: readonly JoinedSound[]): readonly string[] => [
  ...apartOf(plans, surveys).map(({ words }) => words),
  ...plans.flatMap(({ stream: { index }, codecArgs }) =>
    codecArgs && surveys.some((survey) => survey.stream === index && survey.isApartUnknown)
      ? [
          `the clock of stream ${index} goes back elsewhere than that of the picture, so that its sound may be out of step from there on`,
        ]
      : [],
  ),
];

function apartOf(plans: readonly StreamPlan[], surveys: readonly JoinedSound[]) {
  return plans.flatMap(({ stream: { index, type }, codecArgs }) => {
    const { apartSeconds: seconds = 0 } = surveys.find(({ stream }) => stream === index) ?? {};
    if (type !== 'audio' || !codecArgs || Math.abs(seconds) < IN_STEP_SECONDS) return [];
    const off = `sound of stream ${index} about ${Math.abs(seconds).toFixed(2)} s too ${seconds > 0 ? 'late' : 'early'}`;
    return [
      {
        seconds,
        words: `the recordings in the source end with sound and picture apart, which puts ${off} behind the joints`,
      },
    ];
  });
}
