import type { JobEvent } from '../../core/job/events.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { SmallObjects } from '../../core/ports/object-store.ts';

export type TaskLog = {
  onEvent(event: JobEvent): void;
  add(event: string, fields: Readonly<Record<string, unknown>>): void;
  /** Writes what there is so far. A log that cannot be written is no reason to fail: then there is none. */
  flush(): Promise<void>;
  /** Flushes, and does so no more by itself. */
  close(): Promise<void>;
};

/** A container that is killed has lost this much of its log at the most. */
const FLUSH_MS = 60_000;
/** Of each phase, as often: a log is read by people. */
const PROGRESS_MS = 30_000;
const MOST_LINES = 50_000;

/** A container's log as one object, a JSON line for each event. CloudWatch would cost more than the encoding of small files. */
export function taskLog(store: SmallObjects, key: string, clock: Clock): TaskLog {
  const lines: string[] = [];
  let written = 0;
  let lastProgress = 0;

  const add = (event: string, fields: Readonly<Record<string, unknown>>) => {
    if (lines.length < MOST_LINES)
      lines.push(JSON.stringify({ at: new Date(clock.now()).toISOString(), event, ...fields }));
  };
  const flush = async () => {
    if (lines.length === written) return;
    const count = lines.length;
    await store.write(key, `${lines.join('\n')}\n`, 'application/x-ndjson').then(
      () => {
        written = count;
      },
      () => {},
    );
  };
  const timer = setInterval(() => void flush(), FLUSH_MS);
  timer.unref();

  return {
    onEvent({ type, ...fields }) {
      if (type === 'progress') {
        if (clock.now() - lastProgress < PROGRESS_MS) return;
        lastProgress = clock.now();
      }
      add(type, fields);
    },
    add,
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
