import process from 'node:process';
import { usage } from '../../core/errors.ts';
import { takeShare } from '../../runtime/machine-share.ts';
import { printable } from '../terminal/printable.ts';

/** Takes the share of the machine that `--cores` and `--nice` ask for. Throws `usage`. */
export async function shareOf(cores: string | undefined, nice: string): Promise<void> {
  await takeShare({
    cores: cores === undefined ? undefined : numberIn('--cores', cores, 1, 4096),
    nice: numberIn('--nice', nice, 0, 19),
    signal: new AbortController().signal,
    report: (message) => process.stderr.write(`${printable(message)}\n`),
  });
}

function numberIn(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usage(`${option} ${text} is out of range; it takes ${least} to ${most}`);
}
