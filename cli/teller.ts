import process from 'node:process';
import { formatSeconds } from '../core/format.ts';
import type { JobEvent, OnEvent } from '../core/job/events.ts';
import { printable } from './printable.ts';
import { progressBars } from './progress-bars.ts';

export type Teller = {
  readonly onEvent: OnEvent;
  /** A sentence for people, above the progress bars. */
  say(sentence: string): void;
  end(): void;
};

/** Tells programs on stdout, one JSON object a line, and people on stderr, with progress bars if that is a terminal. */
export function newTeller({ json }: { readonly json: boolean }): Teller {
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

function progressForPeople(): Teller {
  const bars = progressBars(process.stderr);
  const say = (sentence: string) => {
    bars.clear();
    process.stderr.write(`${sentence}\n`);
  };
  return {
    onEvent(event) {
      switch (event.type) {
        case 'job.queued':
          return say(`${printable(event.source)}: ${event.recipe}`);
        case 'job.waiting':
          return say(`${printable(event.source)}: another process works on it; waiting for that one to end`);
        case 'progress':
          return process.stderr.isTTY ? bars.show(event) : undefined;
        case 'job.planned':
          return say(planLine(event));
        case 'job.taken':
          return say(takenLine(event));
        case 'warning':
          return say(`  warning: ${printable(event.message)}`);
        case 'job.failed':
          return say(`  failed: ${printable(event.reason)}`);
        case 'job.done':
          return bars.clear();
        default:
          return;
      }
    },
    say,
    end: bars.clear,
  };
}

function planLine({ frames, segments, reused, estimate }: Extract<JobEvent, { type: 'job.planned' }>): string {
  const there = reused > 0 ? `, ${reused} of them encoded before` : '';
  return `  ${frames} frames in ${segments} segment${segments === 1 ? '' : 's'}${there}; about ${formatSeconds(estimate.seconds)} of encoding`;
}

const takenLine = ({ how, from }: Extract<JobEvent, { type: 'job.taken' }>): string =>
  how === 'moved'
    ? `  the file was ${printable(from)} before: its results move along, nothing is encoded`
    : `  the file has the same bytes as ${printable(from)}: its results are copied, nothing is encoded`;
