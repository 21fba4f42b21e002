import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';

type StatusArea = {
  /** Replaces the lines at the bottom of the terminal. */
  show(lines: readonly string[]): void;
  /** Writes lines that stay, above the others. */
  print(lines: readonly string[]): void;
  clear(): void;
};

/** The last lines of a terminal, written over again and again. Each must fit into one line of the terminal. */
export function statusArea(stream: NodeJS.WritableStream): StatusArea {
  let shown: readonly string[] = [];
  const clear = () => {
    if (shown.length === 0) return;
    moveCursor(stream, 0, -shown.length);
    cursorTo(stream, 0);
    clearScreenDown(stream);
    shown = [];
  };
  const write = (lines: readonly string[]) => {
    if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
  };
  return {
    show(lines) {
      clear();
      write(lines);
      shown = lines;
    },
    print(lines) {
      const below = shown;
      clear();
      write([...lines, ...below]);
      shown = below;
    },
    clear,
  };
}
