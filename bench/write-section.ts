import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import type { Measurement, ResultRow } from './measurement.ts';

const HEAD = `# Benchmarks

Written by \`npm run bench\`; each section says when and on which machine. Ratios are against bare tools in the same run. Goals that are not met stay on the page.
`;

/** Replaces the measurement's own section of the page and leaves all others as they are. */
export async function writeSection(
  page: string,
  { name, about }: Measurement,
  rows: readonly ResultRow[],
): Promise<void> {
  const before = existsSync(page) ? await readFile(page, 'utf8') : HEAD;
  await writeFile(page, withSection(before, name, sectionOf(name, about, rows)));
}

/** Returns the page with this section in place of its former version, or at the end. */
export function withSection(page: string, name: string, section: string): string {
  const [head = '', ...sections] = page.split(/^(?=## )/m);
  const others = sections.map((each) => (each.startsWith(`## ${name}\n`) ? section : `${each.trimEnd()}\n`));
  const isNew = !sections.some((each) => each.startsWith(`## ${name}\n`));
  return [`${head.trimEnd()}\n`, ...others, ...(isNew ? [section] : [])].join('\n');
}

function sectionOf(name: string, about: string, rows: readonly ResultRow[]): string {
  const table = rows.map(
    ({ what, goal = '', found, met }) =>
      `| ${what} | ${goal} | ${found} | ${met === undefined ? '' : met ? 'met' : '**not met**'} |`,
  );
  return [
    `## ${name}`,
    '',
    about,
    '',
    `*${machine()}*`,
    '',
    '| what | goal | measured | |',
    '| --- | --- | --- | --- |',
    ...table,
    '',
  ].join('\n');
}

/** When and on which machine this program measures. */
export function machine(): string {
  const ffmpeg = /ffmpeg version (\S+)/.exec(execFileSync('ffmpeg', ['-version'], { encoding: 'utf8' }))?.[1];
  const date = new Date().toISOString().slice(0, 10);
  return `${date}; ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.version}, ffmpeg ${ffmpeg}${others}`;
}

/** As this program began: whether others had the processors, which makes times longer than they are on a quiet machine. */
const others = besides(loadavg()[0] ?? 0);

function besides(load: number): string {
  return load > cpus().length / 2 ? `; **others worked besides: load average ${load.toFixed(1)} before it began**` : '';
}
