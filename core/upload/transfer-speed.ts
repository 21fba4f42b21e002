/** How many bytes had been sent at a moment. */
export type SentSoFar = { readonly atMs: number; readonly bytes: number };

type UploadProgress = {
  /** From 0 to 1. */
  readonly share: number;
  /** Undefined before two moments are known, and while nothing is sent. */
  readonly bytesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
};

/** The speed is that of the last seconds: long enough for a steady figure, short enough to follow a line that changes. */
const WINDOW_MS = 10_000;

/**
 * Returns how far an upload is. `moments` are in the order of their time. Bytes that had arrived before this page was opened
 * count for the share alone, since the speed is made of differences.
 */
export function transferProgress(bytes: number, moments: readonly SentSoFar[], nowMs: number): UploadProgress {
  const last = moments.at(-1);
  const sent = Math.min(last?.bytes ?? 0, bytes);
  const share = bytes > 0 ? sent / bytes : 0;
  const first = moments.find(({ atMs }) => atMs >= nowMs - WINDOW_MS);
  const seconds = first ? (nowMs - first.atMs) / 1000 : 0;
  const speed = first && seconds > 0 ? (sent - first.bytes) / seconds : 0;
  if (speed <= 0) return { share, bytesPerSecond: undefined, secondsLeft: undefined };
  return { share, bytesPerSecond: speed, secondsLeft: (bytes - sent) / speed };
}

/** Adds a moment, and forgets those that no later speed needs. */
export const withMoment = (moments: readonly SentSoFar[], moment: SentSoFar): readonly SentSoFar[] => [
  ...moments.filter(({ atMs }) => atMs >= moment.atMs - WINDOW_MS),
  moment,
];
