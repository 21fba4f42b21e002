import { systemClock } from '../../adapters/shared/system-clock.ts';
import type { JobEvent } from '../../core/job/events.ts';
import type { SmallObjects } from '../../core/ports/object-store.ts';

type TaskLog = {
  onEvent(event: JobEvent): void;
  add(event: string, fields: Readonly<Record<string, unknown>>): void;
  /** Writes the log so far. It does not fail if the log cannot be written. */
  flush(): Promise<void>;
  /** Flushes a last time, and stops the timer. */
  close(): Promise<void>;
};

/** A killed container loses at most this much of its log. */
const FLUSH_MS = 60_000;
/** Progress is logged this often, so that people can read the log. */
const PROGRESS_MS = 30_000;
const MOST_LINES = 50_000;

/** A container's log in one object, a JSON line for each event. CloudWatch would cost more than encoding a small file. */
export function taskLog(store: SmallObjects, key: string): TaskLog {
  const lines: string[] = [];
  let written = 0;
  let lastProgress = Number.NEGATIVE_INFINITY;

  const add = (event: string, fields: Readonly<Record<string, unknown>>) => {
    if (lines.length < MOST_LINES)
      lines.push(JSON.stringify({ at: new Date(systemClock.now()).toISOString(), event, ...fields }));
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
        if (systemClock.elapsed() - lastProgress < PROGRESS_MS) return;
        lastProgress = systemClock.elapsed();
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
