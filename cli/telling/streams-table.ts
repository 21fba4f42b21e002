import Table from 'cli-table3';
import { printable } from '../terminal/printable.ts';

type StreamRow = {
  readonly index: number;
  readonly type: string;
  readonly codec: string;
  readonly fate: string;
  readonly why: string;
};

/** A table that shows what becomes of every stream of a source. */
export function streamsTable(streams: readonly StreamRow[], width = WIDEST): string {
  const table = new Table({
    head: ['stream', 'type', 'codec', 'result', 'why'],
    style: { head: [], border: [], compact: true },
    colWidths: [8, 12, 14, 11, Math.max(LEAST_WHY, Math.min(WIDEST, width) - OTHER_COLUMNS)],
    wordWrap: true,
  });
  for (const { index, type, codec, fate, why } of streams)
    table.push([index, type, printable(codec), fate, printable(why)]);
  return table.toString();
}

const WIDEST = 115;
const LEAST_WHY = 16;
/** The columns of all but the reason, with the lines between them. */
const OTHER_COLUMNS = 8 + 12 + 14 + 11 + 6;
