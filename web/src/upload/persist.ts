import { Refused } from '../api/refused.ts';
import { backoffMs } from './backoff.ts';
import type { SendPorts } from './upload-ports.ts';

/** Attempts that fail one after the other before a person is asked: about a minute and a half. */
const MOST_ATTEMPTS = 9;

export type Persistence = {
  readonly signal: AbortSignal;
  /** What keeps it from going on, as a sentence; undefined as soon as it goes on. */
  onTrouble(reason: string | undefined): void;
};

/**
 * Does what may fail for a while until it is done: a URL that has expired, a server that fails, and a line that breaks are
 * waited for. Throws Refused for what no further attempt can mend.
 */
export async function persist<T>(
  action: () => Promise<T>,
  { signal, onTrouble }: Persistence,
  ports: Pick<SendPorts, 'online' | 'wait' | 'random'>,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    await ports.online(signal);
    try {
      const done = await action();
      onTrouble(undefined);
      return done;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Refused) || !passes(error) || attempt + 1 >= MOST_ATTEMPTS) throw error;
      onTrouble(error.message);
      // The first 403 is a URL that has expired, for which a new one is enough.
      if (error.status !== 403 || attempt > 0) await ports.wait(backoffMs(attempt, ports.random()), signal);
    }
  }
}

/** No answer, a URL that expired, a server that is too slow or has too much to do, and a failure of its own. */
const passes = ({ status }: Refused) => [0, 403, 408, 429].includes(status) || status >= 500;
