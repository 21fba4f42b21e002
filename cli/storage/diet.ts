import process from 'node:process';
import { formatBytes } from '../../core/format.ts';
import { type LikelyBytes, type MezzanineOption, mezzanineOptions } from '../../core/plan/mezzanine-options.ts';
import { numberFigure, pictureFigure } from '../terminal/figures.ts';
import { plainTable, wrapped } from './plain-table.ts';

type DietOptions = {
  readonly size?: string;
  readonly pre?: string;
  readonly fps?: string;
  readonly minutes?: string;
  readonly finalHeight: string;
  readonly finalFps?: string;
  readonly partMinutes: string;
  readonly json?: boolean;
};

/** Prints how large the ways are in which an enlarged film can be kept. Returns the exit code; throws `usage`. */
export async function compareMezzanines(options: DietOptions): Promise<number> {
  const mezzanine = pictureFigure('--size', options.size);
  const pre = options.pre === undefined ? shrunkTimes(mezzanine, 4) : pictureFigure('--pre', options.pre);
  const fps = numberFigure('--fps', options.fps, { least: 1, most: 1000 });
  const minutes = numberFigure('--minutes', options.minutes, { least: 0.01, most: 100_000 });
  const height = numberFigure('--final-height', options.finalHeight, { least: 16, most: 65536, isWhole: true });
  const finalFps = numberFigure('--final-fps', options.finalFps ?? options.fps, { least: 1, most: 1000 });
  const partMinutes = numberFigure('--part-minutes', options.partMinutes, { least: 0.01, most: 100_000 });
  const final = height < mezzanine.height ? shrunkTimes(mezzanine, mezzanine.height / height) : mezzanine;
  const film = { pre, mezzanine, final, fps, finalFps, minutes, partMinutes };
  const choices = mezzanineOptions(film);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ type: 'storage.diet', ...film, options: choices })}\n`);
    return 0;
  }
  process.stdout.write(`${dietText(film, choices)}\n`);
  return 0;
}

const shrunkTimes = ({ width, height }: { readonly width: number; readonly height: number }, times: number) => ({
  width: Math.max(2, 2 * Math.round(width / times / 2)),
  height: Math.max(2, 2 * Math.round(height / times / 2)),
});

function dietText({ pre, mezzanine, final, fps, minutes }: Shown, choices: readonly MezzanineOption[]): string {
  const rows = choices.map((choice) => [
    `${choice.option.padEnd(6)} ${choice.title}`,
    ...[choice.pre, choice.mezzanine, choice.final, choice.peak].map(rangeText),
  ]);
  const picture = ({ width, height }: Shown['pre']) => `${width}x${height}`;
  const what = `${minutes} minutes at ${fps} frames a second: ${picture(pre)}, enlarged to ${picture(mezzanine)}, film ${picture(final)}`;
  const settings = choices.map(({ option, settings: text }) => `${option.padEnd(6)} ${text}`);
  const note =
    '"peak" is the most on the disk at one time besides the source. ProRes by its published rates; HEVC by what was measured on clips without film grain, which takes more.';
  return [
    wrapped(what),
    plainTable(['option', 'pre', 'mezzanine', 'final', 'peak'], rows),
    wrapped(note),
    'As settings of the recipe upscale:',
    ...settings,
  ].join('\n');
}

type Shown = Pick<Parameters<typeof mezzanineOptions>[0], 'pre' | 'mezzanine' | 'final' | 'fps' | 'minutes'>;

/** "23.4 GB", "2.1-4.8 GB", or "-" for nothing. */
export function rangeText({ from, to }: LikelyBytes): string {
  if (to === 0) return '-';
  const [low, high] = [formatBytes(from), formatBytes(to)];
  if (low === high) return high;
  const unit = high.slice(high.indexOf(' '));
  return low.endsWith(unit) ? `${low.slice(0, -unit.length)}-${high}` : `${low}-${high}`;
}
