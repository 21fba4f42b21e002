import type { WriteStream } from 'node:tty';

type ProgressLine = {
  /** Shows the text in place of the one before. */
  show(text: string): void;
  clear(): void;
};

const SHORTEST_MS = 200;

/** A line of progress at the end of a terminal; nothing where the stream is none. */
export function progressLine(stream: WriteStream | NodeJS.WritableStream): ProgressLine {
  const isTerminal = 'isTTY' in stream && stream.isTTY;
  let shownMs = Number.NEGATIVE_INFINITY;
  return {
    show(text) {
      if (!isTerminal || performance.now() - shownMs < SHORTEST_MS) return;
      shownMs = performance.now();
      stream.write(`\r\u001b[2K  ${text}`);
    },
    clear() {
      if (isTerminal && shownMs >= 0) stream.write('\r\u001b[2K');
      shownMs = Number.NEGATIVE_INFINITY;
    },
  };
}
