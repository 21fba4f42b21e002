import process from 'node:process';
import { Presets, SingleBar } from 'cli-progress';
import { formatSeconds } from '../core/format.ts';
import type { JobEvent, OnEvent } from '../core/job/events.ts';
import { printable } from './printable.ts';

export type Told = {
  readonly onEvent: OnEvent;
  /** A sentence for people, above the progress bar. */
  say(sentence: string): void;
  end(): void;
};

/** Programs read stdout, one JSON object a line; people read stderr, and where that is a terminal, see a bar. */
export function told({ json }: { readonly json: boolean }): Told {
  const people = progressForPeople();
  return {
    onEvent(event) {
      if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
      people.onEvent(event);
    },
    say: people.say,
    end: people.end,
  };
}

const PHASES = {
  hash: 'hashing',
  index: 'reading',
  encode: 'encoding',
  join: 'joining',
  verify: 'verifying',
  quality: 'measuring',
};

function progressForPeople(): Told {
  let bar: SingleBar | undefined;
  let phase = '';
  const clear = () => {
    bar?.stop();
    bar = undefined;
    phase = '';
  };
  const say = (sentence: string) => {
    clear();
    process.stderr.write(`${sentence}\n`);
  };
  const onProgress = (event: Extract<JobEvent, { type: 'progress' }>) => {
    if (!process.stderr.isTTY) return;
    if (event.phase !== phase) {
      clear();
      phase = event.phase;
      bar = newBar();
      bar.start(event.total, event.done, fields(event));
    }
    bar?.setTotal(event.total);
    bar?.update(event.done, fields(event));
  };
  return {
    onEvent(event) {
      switch (event.type) {
        case 'job.queued':
          return say(`${printable(event.source)}: ${event.recipe}`);
        case 'job.waiting':
          return say(`${printable(event.source)}: another process is at it; this one waits for it`);
        case 'progress':
          return onProgress(event);
        case 'job.planned':
          return say(planLine(event));
        case 'warning':
          return say(`  warning: ${printable(event.message)}`);
        case 'job.failed':
          return say(`  failed: ${printable(event.reason)}`);
        case 'job.done':
          return clear();
        default:
          return;
      }
    },
    say,
    end: clear,
  };
}

function planLine({ frames, segments, reused, estimate }: Extract<JobEvent, { type: 'job.planned' }>): string {
  const there = reused > 0 ? `, ${reused} of them there already` : '';
  return `  ${frames} frames in ${segments} segment${segments === 1 ? '' : 's'}${there}; about ${formatSeconds(estimate.seconds)} of encoding`;
}

function newBar(): SingleBar {
  const format = '  {phase} {bar} {percentage}% {speed}{left}';
  return new SingleBar(
    { format, hideCursor: true, barsize: 28, clearOnComplete: true, fps: 5, gracefulExit: false },
    Presets.shades_classic,
  );
}

function fields({ phase, fps, speed, etaSeconds }: Extract<JobEvent, { type: 'progress' }>) {
  return {
    phase: PHASES[phase].padEnd(9),
    speed: fps === undefined ? '' : ` ${fps.toFixed(1)} fps, ${(speed ?? 0).toFixed(2)}x`,
    left: etaSeconds === undefined ? '' : `, ${formatSeconds(etaSeconds)} left`,
  };
}
