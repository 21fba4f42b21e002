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

/** Programs read stdout, one JSON object a line; people read stderr, and where that is a terminal, see bars. */
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
          return say(`${printable(event.source)}: another process is at it; this one waits for it`);
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
  const there = reused > 0 ? `, ${reused} of them there already` : '';
  return `  ${frames} frames in ${segments} segment${segments === 1 ? '' : 's'}${there}; about ${formatSeconds(estimate.seconds)} of encoding`;
}

const takenLine = ({ how, from }: Extract<JobEvent, { type: 'job.taken' }>): string =>
  how === 'moved'
    ? `  it was ${printable(from)}: what was made of that comes along, nothing is encoded`
    : `  it has the same bytes as ${printable(from)}: what was made of that is copied, nothing is encoded`;
