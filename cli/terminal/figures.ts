import { usage } from '../../core/errors.ts';
import { printable } from './printable.ts';

const SIZES: Readonly<Record<string, number>> = {
  ...{ B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 },
  ...{ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40, PiB: 2 ** 50 },
};
const LINES: Readonly<Record<string, number>> = {
  ...{ kbps: 1e3, Mbps: 1e6, Gbps: 1e9, Tbps: 1e12 },
  ...{ 'kb/s': 1e3, 'Mb/s': 1e6, 'Gb/s': 1e9, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9 },
};
const MOST_BYTES = 1e18;
const MOST_BITS_A_SECOND = 1e14;

/** Reads "40TB" or "1.5 TiB". Throws `usage`. */
export function sizeFigure(name: string, text: string | undefined): number {
  const bytes = withUnit(text, SIZES);
  if (bytes === undefined) throw wrong(name, text, 'takes an amount of data, such as 40TB, 500GB or 1.5TiB');
  if (!(bytes >= 1 && bytes <= MOST_BYTES)) throw wrong(name, text, 'takes from one byte to 1000 PB');
  return bytes;
}

/** Reads "1Gbps" or "250 Mbps" as bits a second. Throws `usage`. */
export function lineFigure(name: string, text: string | undefined): number {
  const bits = withUnit(text, LINES);
  if (bits === undefined)
    throw wrong(name, text, 'takes the speed of a line in bits a second, such as 250Mbps or 1Gbps');
  if (!(bits > 0 && bits <= MOST_BITS_A_SECOND)) throw wrong(name, text, 'takes from above 0 to 100 Tbps');
  return bits;
}

type NumberRange = { readonly least: number; readonly most: number; readonly isWhole?: boolean };

/** Reads a plain number within a range. Throws `usage`. */
export function numberFigure(
  name: string,
  text: string | undefined,
  { least, most, isWhole = false }: NumberRange,
): number {
  const value = /^\d+(\.\d+)?$/.test(text?.trim() ?? '') ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most) || (isWhole && !Number.isInteger(value))) {
    throw wrong(name, text, `takes a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`);
  }
  return value;
}

/** Reads "5" or "5%" as a share of 1. Throws `usage`. */
export const shareFigure = (name: string, text: string): number =>
  numberFigure(name, text.replace(/ *%$/, ''), { least: 0, most: 100 }) / 100;

/** Reads "4096x1728". Throws `usage`. */
export function pictureFigure(
  name: string,
  text: string | undefined,
): { readonly width: number; readonly height: number } {
  const [, width = Number.NaN, height = Number.NaN] = (/^([1-9]\d{0,5})[x:]([1-9]\d{0,5})$/.exec(text ?? '') ?? []).map(
    Number,
  );
  if (!(width <= 65536 && height <= 65536)) throw wrong(name, text, 'takes the size of a picture, such as 4096x1728');
  return { width, height };
}

function withUnit(text: string | undefined, units: Readonly<Record<string, number>>): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?) *([A-Za-z/]+)$/.exec(text?.trim() ?? '') ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}

const wrong = (name: string, text: string | undefined, right: string) =>
  usage(text === undefined ? `${name} is missing; it ${right}` : `${name} ${right}, not "${printable(text)}"`);
