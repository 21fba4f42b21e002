import process from 'node:process';
import type { OnEvent } from '../../core/job/events.ts';
import type { Manifest } from '../../core/job/manifest.ts';
import { type People, peopleAt } from '../../runtime/people.ts';
import { coloured, plain } from '../terminal/colours.ts';
import { brokenIntoLines, displayWidth } from '../terminal/display-width.ts';
import { statusArea } from '../terminal/status-area.ts';
import { closingSummary, type RunEnd } from './closing-summary.ts';
import { eventSentence, type Loudness } from './event-sentence.ts';
import { filmLines, type LineStyle } from './film-line.ts';
import { type FilmResult, NO_JOB } from './film-result.ts';
import { type ExpectedFilm, runProgress } from './run-progress.ts';
import { EMPTY_TALLY, type RunTally, withResult, withSkipped } from './run-tally.ts';
import { minuteLine, statusLines } from './status-lines.ts';
import { summary } from './summary.ts';

export type Teller = {
  readonly onEvent: OnEvent;
  /** A sentence for people, above the lines that change. With `always` also for people who want to hear of failures alone. */
  say(sentence: string, when?: 'always'): void;
  /** Films that are to come, each once for each recipe. */
  expect(films: readonly ExpectedFilm[], recipes: number): void;
  /** From now on the recipe stands behind each name, as several recipes make something of a film. */
  tellRecipes(): void;
  /** All films of a run with their bytes, each once for each recipe. */
  foresee(whole: { readonly films: number; readonly bytes: number }): void;
  /** A film of so many bytes that needs no job, since it was made before. */
  passed(bytes: number): void;
  /** The name by which people know a job's film. */
  name(job: string, name: string): void;
  /** Files that were passed over, for a reason that they share. */
  skipped(files: number, reason: string): void;
  finished(result: FilmResult, published?: { readonly manifest: Manifest; readonly folder: string }): void;
  /** What became of the films so far. */
  tally(): RunTally;
  /** Shows the time anew. Called once a second; a test calls it itself. */
  tick(): void;
  /** Tells what the run came to, if `end` is given. */
  end(end?: Pick<RunEnd, 'reports' | 'work'>): void;
};

type TellerOptions = {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
};

/** Tells programs on stdout, one JSON object a line, and people on stderr. */
export function newTeller(options: TellerOptions): Teller {
  const loudness = options.quiet ? 'quiet' : options.verbose ? 'verbose' : 'usual';
  const people = tellerFor(peopleAt(process.stderr), loudness);
  const timer = setInterval(people.tick, 1000).unref();
  return {
    ...people,
    onEvent(event) {
      if (options.json) process.stdout.write(`${JSON.stringify(event)}\n`);
      people.onEvent(event);
    },
    end(end) {
      clearInterval(timer);
      people.end(end);
    },
  };
}

const MINUTE_MS = 60_000;
const REPAINT_MS = 200;

/** On a terminal, two lines below all others are painted again and again; elsewhere a line comes each minute. */
export function tellerFor(people: People, loudness: Loudness): Teller {
  const { clock, stream } = people;
  const started = clock.elapsed();
  const progress = runProgress(started);
  const area = statusArea(stream);
  const paint = people.isColoured ? coloured : plain;
  const warned = new Set<string>();
  let tally: RunTally = EMPTY_TALLY;
  let painted = started;
  let recipes = 1;

  const style = (): LineStyle => ({ width: people.columns(), paint, withRecipe: recipes > 1 });
  const print = (lines: readonly string[]) => area.print(lines);
  const say = (sentence: string, when?: 'always') => {
    if (loudness !== 'quiet' || when === 'always') print(linesOf(sentence, people.columns()));
  };
  const tick = () => {
    const now = clock.elapsed();
    if (loudness === 'quiet' || now - painted < (people.isTerminal ? REPAINT_MS : MINUTE_MS)) return;
    painted = now;
    const snapshot = progress.snapshot(now);
    const counted = { ...tally, noun: recipes > 1 ? 'job' : 'film' } as const;
    if (!people.isTerminal) return snapshot.film ? print([minuteLine(snapshot, counted)]) : undefined;
    // a line that fills the terminal to its last column would be two lines on some terminals
    area.show(snapshot.film ? statusLines(snapshot, counted, (people.columns() ?? 1) - 1) : []);
  };
  return {
    tick,
    say,
    onEvent(event) {
      const now = clock.elapsed();
      const source = event.job === undefined ? undefined : progress.sourceOf(event.job);
      progress.event(event, now);
      const sentence = eventSentence(event, source, loudness);
      const isSaid = event.type === 'warning' && warned.has(`${event.job} ${event.message}`);
      if (event.type === 'warning') warned.add(`${event.job} ${event.message}`);
      if (sentence !== undefined && !isSaid) say(sentence);
      tick();
    },
    expect(films, each) {
      recipes = each;
      progress.expect(films.flatMap((film) => Array.from({ length: each }, () => film)));
    },
    tellRecipes() {
      recipes = Math.max(recipes, 2);
    },
    foresee: progress.foresee,
    passed: progress.passed,
    name: progress.name,
    tally: () => tally,
    skipped(files, reason) {
      tally = withSkipped(tally, files, reason);
    },
    finished(result, published) {
      tally = withResult(tally, result);
      if (result.recipe === NO_JOB) progress.leftOut(result.source);
      const isTold = loudness === 'verbose' || (result.fate !== 'unchanged' && result.fate !== 'skipped');
      if (!isTold || (loudness === 'quiet' && result.fate !== 'failed')) return;
      const total = Math.max(tally.over, progress.snapshot(clock.elapsed()).total);
      const tables =
        loudness === 'verbose' && published ? [summary(published.manifest, published.folder, style())] : [];
      print([...filmLines(result, { position: tally.over, total }, style()), ...tables]);
    },
    end(end) {
      area.clear();
      if (!end || loudness === 'quiet') return;
      const { total, elapsedSeconds: seconds } = progress.snapshot(clock.elapsed());
      print(closingSummary(tally, { ...end, seconds, notBegun: Math.max(0, total - tally.over) }, style()));
    },
  };
}

/** A sentence is broken where the terminal ends. A table has lines already. */
const linesOf = (text: string, width: number | undefined): readonly string[] =>
  text
    .split('\n')
    .flatMap((line) => (width === undefined || displayWidth(line) <= width ? [line] : brokenIntoLines(line, width)));
