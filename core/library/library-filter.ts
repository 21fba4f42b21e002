import { usage } from '../errors.ts';
import { globTest } from './glob.ts';

/** What people ask of the files of a folder. */
export type FilterOptions = {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly minSize?: string;
  readonly newerThan?: string;
};

export type FileFacts = { readonly path: string; readonly bytes: number; readonly modifiedMs: number };

/** Returns a test of files for what was asked. Throws `usage` for a size or a time that cannot be read. */
export function libraryFilter(
  { include = [], exclude = [], minSize, newerThan }: FilterOptions,
  nowMs: number,
): (file: FileFacts) => boolean {
  const wanted = include.map(globTest);
  const unwanted = exclude.map(globTest);
  const bytes = minSize === undefined ? 0 : sizeOf('--min-size', minSize);
  const since = newerThan === undefined ? Number.NEGATIVE_INFINITY : timeOf(newerThan, nowMs);
  return (file) =>
    file.bytes >= bytes &&
    file.modifiedMs >= since &&
    (wanted.length === 0 || wanted.some((test) => test(file.path))) &&
    !unwanted.some((test) => test(file.path));
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** Reads a size such as 50M, 1.5 GB or 4GiB. */
export function sizeOf(option: string, text: string): number {
  const [, number = '', unit = '', binary = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (number === '' || factor === undefined || (binary !== '' && unit === ''))
    throw usage(`${option} ${text} is not a size; it takes one such as 50M, 1.5G or 4GiB`);
  const power = Math.round(Math.log10(factor) / 3);
  return Number(number) * (binary === '' ? factor : 1024 ** power);
}

const SPANS_MS: Readonly<Record<string, number>> = { m: 60e3, h: 3600e3, d: 86_400e3, w: 7 * 86_400e3 };

/** Reads a length of time such as 36h, 30d or 2w, in milliseconds. */
export function spanOf(option: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([mhdw])$/i.exec(text.trim()) ?? [];
  const span = SPANS_MS[unit.toLowerCase()];
  if (number === '' || span === undefined)
    throw usage(`${option} ${text} is not a length of time; it takes one such as 36h, 30d or 2w`);
  return Number(number) * span;
}

/** Reads a date such as 2026-03-01, or a length of time before now, as milliseconds since 1970. */
function timeOf(text: string, nowMs: number): number {
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) {
    const time = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text);
    if (!Number.isNaN(time)) return time;
  }
  if (!/^\d+(\.\d+)?\s*[mhdw]$/i.test(text.trim()))
    throw usage(
      `--newer-than ${text} is not a time; it takes a date such as 2026-03-01, or an age such as 36h, 30d or 2w`,
    );
  return nowMs - spanOf('--newer-than', text);
}
