import { formatBytes, formatSeconds } from '../../core/format.ts';
import type { Phase } from '../../core/job/events.ts';
import { cut, displayWidth, withoutMiddle } from '../terminal/display-width.ts';
import { printable } from '../terminal/printable.ts';
import type { RunSnapshot } from './run-progress.ts';
import type { RunTally } from './run-tally.ts';

const PHASES: Readonly<Record<Phase, string>> = {
  hash: 'hashing',
  index: 'reading',
  encode: 'encoding',
  join: 'joining',
  verify: 'verifying',
  quality: 'measuring',
};

/** What is made so far, and what is counted: films, or jobs where several recipes make something of each film. */
type CountedTally = RunTally & { readonly noun: 'film' | 'job' };

/** Returns the two lines that stay below all others while a run goes on: the film at work, and the whole. */
export function statusLines(snapshot: RunSnapshot, tally: CountedTally, width: number): readonly string[] {
  return [filmAtWork(snapshot, width), overallBar(snapshot, tally, width)];
}

function filmAtWork({ film, others }: RunSnapshot, width: number): string {
  if (!film) return '';
  const { progress } = film;
  const doing = [progress ? detailOf(progress) : 'starting', ...besides(others)].join('  ');
  const room = width - displayWidth(doing) - 4;
  return cut(`  ${withoutMiddle(printable(film.source), Math.max(12, room))}  ${doing}`, width);
}

const besides = (others: number) => (others > 0 ? [`and ${others} more`] : []);

function detailOf({ phase, rendition, done, total, fps, speed }: NonNullable<WorkingProgress>): string {
  const percent = total > 0 ? `${Math.floor((100 * Math.min(done, total)) / total)} %` : '';
  const rate = fps === undefined ? '' : `${fps.toFixed(1)} fps, ${(speed ?? 0).toFixed(2)}x`;
  return [`${PHASES[phase]}${rendition === undefined ? '' : ` ${rendition}`}`, percent, rate]
    .filter(Boolean)
    .join('  ');
}

type WorkingProgress = NonNullable<RunSnapshot['film']>['progress'];

const [FILLED, EMPTY] = ['█', '░'];
const [SHORTEST, LONGEST] = [8, 40];

/** Returns the bar over all films, with the time left and what was saved so far. */
function overallBar(snapshot: RunSnapshot, tally: CountedTally, width: number): string {
  const behind = [overallShare(snapshot), ...overallFigures(snapshot, tally)].join('  ');
  const room = Math.min(LONGEST, width - displayWidth(behind) - 4);
  if (room < SHORTEST) return cut(`  ${behind}`, width);
  const filled = Math.round(shareOf(snapshot) * room);
  return `  ${FILLED.repeat(filled)}${EMPTY.repeat(room - filled)}  ${behind}`;
}

/** Returns the line that stands for the bar where there is no terminal. */
export function minuteLine(snapshot: RunSnapshot, tally: CountedTally): string {
  const film =
    snapshot.film &&
    [
      printable(snapshot.film.source),
      ...(snapshot.film.progress ? [detailOf(snapshot.film.progress)] : []),
      ...besides(snapshot.others),
    ].join(', ');
  const figures = overallFigures(snapshot, tally).join(', ');
  return `${overallShare(snapshot)} after ${formatSeconds(snapshot.elapsedSeconds)}: ${figures}${film ? `; ${film}` : ''}`;
}

const shareOf = ({ elapsedSeconds, secondsLeft }: RunSnapshot) =>
  secondsLeft === undefined ? 0 : elapsedSeconds / Math.max(0.001, elapsedSeconds + secondsLeft);

const overallShare = (snapshot: RunSnapshot) =>
  `${String(Math.min(99, Math.floor(100 * shareOf(snapshot)))).padStart(2)} %`;

function overallFigures(
  { total, secondsLeft }: RunSnapshot,
  { over, before, after, noun }: CountedTally,
): readonly string[] {
  const saved = before - after;
  return [
    ...(total > 1 ? [`${over} of ${total} ${noun}s`] : []),
    ...(saved > 0 ? [`${formatBytes(saved)} saved`] : []),
    secondsLeft === undefined ? 'time left not known yet' : `${formatSeconds(secondsLeft)} left`,
  ];
}
