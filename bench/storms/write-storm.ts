import { readFile, writeFile } from 'node:fs/promises';
import { machine, withSection } from '../write-section.ts';
import type { Storm, StormTable } from './storm.ts';

/** The command that makes the figures again, and the way that it names. */
type AskedBy = { readonly command: string; readonly way: string };

/** Replaces the storm's section of the page and leaves all others, and the words before them, as they are. */
export async function writeStorm(page: string, storm: Storm, asked: AskedBy, table: StormTable): Promise<void> {
  const title = asked.way ? `${storm.name}, ${asked.way}` : storm.name;
  const before = await readFile(page, 'utf8');
  await writeFile(page, withSection(before, title, sectionOf(title, storm.about, asked.command, table)));
}

function sectionOf(title: string, about: string, command: string, { head, rows, words }: StormTable): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => `${cell}`.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    ...[`## ${title}`, '', about, '', `*\`${command}\`; ${machine()}*`, ''],
    ...[line(head), line(head.map(() => '---')), ...rows.map(line), ''],
    ...(words === undefined ? [] : [words, '']),
  ].join('\n');
}
