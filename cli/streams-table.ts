import Table from 'cli-table3';
import { printable } from './printable.ts';

type StreamRow = {
  readonly index: number;
  readonly type: string;
  readonly codec: string;
  readonly fate: string;
  readonly why: string;
};

/** A table that shows what becomes of every stream of a source. */
export function streamsTable(streams: readonly StreamRow[]): string {
  const table = new Table({
    head: ['stream', 'type', 'codec', 'result', 'why'],
    style: { head: [], border: [], compact: true },
    colWidths: [8, 12, 14, 11, 64],
    wordWrap: true,
  });
  for (const { index, type, codec, fate, why } of streams)
    table.push([index, type, printable(codec), fate, printable(why)]);
  return table.toString();
}
