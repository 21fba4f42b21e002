import type { JobEvent } from '../../core/job/events.ts';

type Numbered = { readonly id: number; readonly text: string };

/** Takes the text of events; false if it is so far behind that it has to be let go. */
type Listener = (text: string) => boolean;

export type EventHub = {
  publish(event: JobEvent): void;
  /**
   * Sends what came after `since`, and then everything that comes. If some of it is forgotten, `reset` says that the
   * listener has to ask for the whole state again. Returns a function that ends it.
   */
  listen(since: number | undefined, listener: Listener): () => void;
};

const MOST_KEPT = 2000;

/**
 * Passes events on to listeners as server-sent events, and keeps the last of them for those that come back. Ids begin with
 * the time, so that an id of an earlier server is smaller than all of this one.
 */
export function eventHub(nowMs: number): EventHub {
  const listeners = new Set<Listener>();
  const kept: Numbered[] = [];
  let id = nowMs;
  const send = (text: string, listener: Listener) => {
    if (!listener(text)) listeners.delete(listener);
  };
  return {
    publish(event) {
      id++;
      const text = `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
      kept.push({ id, text });
      if (kept.length > MOST_KEPT) kept.splice(0, kept.length - MOST_KEPT);
      for (const listener of listeners) send(text, listener);
    },
    listen(since, listener) {
      listeners.add(listener);
      const first = (kept[0]?.id ?? id + 1) - 1;
      if (since === undefined) send(': listening\n\n', listener);
      else if (since < first || since > id) send(`id: ${id}\nevent: reset\ndata: {}\n\n`, listener);
      else
        send(
          kept.filter((each) => each.id > since).reduce((all, { text }) => all + text, ': listening\n\n'),
          listener,
        );
      return () => listeners.delete(listener);
    },
  };
}
