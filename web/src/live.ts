/** How the page hears of changes: over a stream of events where the server has one, otherwise by asking again. */
export type Live = {
  /** Called when jobs may have changed, at most once a second. Returns how to end it. */
  onChange(listener: () => void): () => void;
  close(): void;
};

type Wait = (work: () => void, milliseconds: number) => () => void;
type Stream = { close(): void };

type LivePorts = {
  /** Opens the stream; the browser opens it again after a break, and goes on behind the last event it saw. */
  openStream(on: { event(): void; refused(): void }): Stream;
  readonly wait: Wait;
  isHidden(): boolean;
};

const SOONEST_MS = 1000;
const POLL_MS = 4000;
const POLL_HIDDEN_MS = 30_000;

/** Follows the changes of the jobs, by the events of a server or by asking again. Listeners are told soon after a change, once for several. */
export function follow(way: 'events' | 'poll', ports: LivePorts): Live {
  const listeners = new Set<() => void>();
  let pending: (() => void) | undefined;
  let polling: (() => void) | undefined;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const soon = () => {
    pending ??= ports.wait(() => {
      pending = undefined;
      tell();
    }, SOONEST_MS);
  };
  const poll = () => {
    polling = ports.wait(
      () => {
        tell();
        poll();
      },
      ports.isHidden() ? POLL_HIDDEN_MS : POLL_MS,
    );
  };
  const stream = way === 'events' ? ports.openStream({ event: soon, refused: poll }) : undefined;
  if (!stream) poll();
  return {
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      stream?.close();
      pending?.();
      polling?.();
    },
  };
}

export const browserLivePorts: LivePorts = {
  openStream({ event, refused }) {
    const source = new EventSource('/api/events');
    source.onmessage = event;
    source.onopen = event; // what happened while the line was broken
    source.onerror = () => source.readyState === EventSource.CLOSED && refused();
    return source;
  },
  wait(work, milliseconds) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
  isHidden: () => document.hidden,
};
