import { counted, formatSeconds } from '../../core/format.ts';
import type { JobEvent } from '../../core/job/events.ts';
import { scoreDigits } from '../../core/quality/metric.ts';
import { printable } from '../terminal/printable.ts';

/** How much people want to be told: failures alone, what is of use to most, or everything. */
export type Loudness = 'quiet' | 'usual' | 'verbose';

/** Returns the sentence that tells people of an event, or undefined if the event is shown in another way or not at all. */
export function eventSentence(event: JobEvent, source: string | undefined, loudness: Loudness): string | undefined {
  const isVerbose = loudness === 'verbose';
  const about = (sentence: string) => `${source === undefined ? '' : `${printable(source)}: `}${sentence}`;
  switch (event.type) {
    case 'job.queued':
      return isVerbose ? `${printable(event.source)}: ${event.recipe}` : undefined;
    case 'job.waiting':
      return `${printable(event.source)}: another process works on it; waiting for that one to end`;
    case 'job.planned':
      return isVerbose ? planSentence(event) : undefined;
    case 'job.taken':
      // of a copy a warning tells, which stands in the manifest, too
      return event.how === 'copied'
        ? undefined
        : `${printable(event.source)}: the file was ${printable(event.from)} before: its results move along, nothing is encoded`;
    case 'quality.tried':
      return about(
        `CRF ${event.crf} gives ${event.metric.toUpperCase()} ${scoreDigits(event.metric, event.score)} ${OVER[event.over]}`,
      );
    case 'quality.chosen':
      return about(`encoding with CRF ${event.crf}`);
    case 'warning':
      return `warning: ${about(printable(event.message))}`;
    default:
      return undefined; // what became of a film has a line of its own
  }
}

const OVER = { samples: 'on samples', whole: 'over the whole' } as const;

function planSentence({ frames, segments, reused, estimate }: Extract<JobEvent, { type: 'job.planned' }>): string {
  const there = reused > 0 ? `, ${reused} of them encoded before` : '';
  return `  ${frames} frames in ${counted(segments, 'segment')}${there}; about ${formatSeconds(estimate.seconds)} of encoding`;
}
