/** Longer lines are cut, because a file may be hostile. No output that we parse has longer lines. */
const LONGEST_LINE = 1 << 20;

export type LineReader = {
  push(chunk: Uint8Array): void;
  /** Passes on the text after the last line end, if there is any. */
  end(): void;
};

/**
 * Splits bytes into lines of text at `\n`, however the bytes are divided into chunks. A `\r` at the end of a line is
 * removed.
 */
export function lineReader(onLine: (line: string) => void): LineReader {
  const decoder = new TextDecoder();
  let rest = '';
  const take = (text: string) => {
    const parts = (rest + text).split('\n');
    rest = (parts.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of parts) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  };
  return {
    push: (chunk) => take(decoder.decode(chunk, { stream: true })),
    end() {
      take(decoder.decode());
      if (rest !== '') take('\n');
    },
  };
}

type Tail = LineReader & { lines(): readonly string[] };

type StderrReaders = {
  readonly onStderrLine?: (line: string) => void;
  readonly keptOfStderr?: (line: string) => string | undefined;
};

/** How many lines of a program's messages are kept, and how many characters of each. */
const TAIL_LINES = 50;
const TAIL_LINE_LENGTH = 1000;

/** Keeps the last lines as a terminal would show them, without text that `\r` overwrote, or what `keptOfStderr` keeps of them. */
export function tailOf({ onStderrLine, keptOfStderr = (line) => line }: StderrReaders): Tail {
  const kept: string[] = [];
  const reader = lineReader((raw) => {
    const line = keptOfStderr(shown(raw))?.slice(0, TAIL_LINE_LENGTH);
    if (line === undefined || line.trim() === '') return;
    kept.push(line);
    if (kept.length > TAIL_LINES) kept.shift();
    onStderrLine?.(line);
  });
  return { ...reader, lines: () => kept };
}

const shown = (line: string) => line.slice(line.lastIndexOf('\r') + 1);
