import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { formatSeconds } from '../core/format.ts';
import type { JobEvent } from '../core/job/events.ts';

type ProgressEvent = Extract<JobEvent, { type: 'progress' }>;

type ProgressBars = {
  show(event: ProgressEvent): void;
  /** Removes all bars from the terminal. Later calls of `show` begin with new bars. */
  clear(): void;
};

const PHASES = {
  hash: 'hashing',
  index: 'reading',
  encode: 'encoding',
  join: 'joining',
  verify: 'verifying',
  quality: 'measuring',
};

/** Shows a bar for each rendition that is being made, and one for the reading of the source before. */
export function progressBars(stream: NodeJS.WriteStream): ProgressBars {
  let bars: MultiBar | undefined;
  const shown = new Map<string, { readonly bar: SingleBar; readonly last: ProgressEvent }>();
  const add = (name: string, event: ProgressEvent) => {
    for (const [other, { bar, last }] of shown) {
      if (!isOver(last)) continue;
      bars?.remove(bar);
      shown.delete(other);
    }
    bars ??= newBars(stream);
    shown.set(name, { bar: bars.create(event.total, event.done, fields(event)), last: event });
  };
  return {
    show(event) {
      const name = event.rendition ?? '';
      const there = shown.get(name);
      if (!there) return add(name, event);
      const { bar, last } = there;
      if (event.phase === last.phase) bar.setTotal(event.total);
      else bar.start(event.total, event.done, fields(event));
      bar.update(event.done, fields(event));
      shown.set(name, { bar, last: event });
    },
    clear() {
      bars?.stop();
      bars = undefined;
      shown.clear();
    },
  };
}

/** Whether no more events will come for this bar. Verification is a rendition's last phase. */
const isOver = ({ rendition, phase, done, total }: ProgressEvent) =>
  rendition === undefined || (phase === 'verify' && done >= total);

function newBars(stream: NodeJS.WriteStream): MultiBar {
  const format = '  {phase} {rendition}{bar} {percentage}% {speed}{left}';
  return new MultiBar(
    { format, stream, hideCursor: true, barsize: 28, clearOnComplete: true, fps: 5, gracefulExit: false },
    Presets.shades_classic,
  );
}

function fields({ phase, rendition, fps, speed, etaSeconds }: ProgressEvent) {
  return {
    phase: PHASES[phase].padEnd(9),
    rendition: rendition === undefined ? '' : `${rendition.padEnd(5)} `,
    speed: fps === undefined ? '' : ` ${fps.toFixed(1)} fps, ${(speed ?? 0).toFixed(2)}x`,
    left: etaSeconds === undefined ? '' : `, ${formatSeconds(etaSeconds)} left`,
  };
}
