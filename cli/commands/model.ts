import process from 'node:process';
import { FAILURES, usage } from '../../core/errors.ts';
import { DEVICES } from '../../core/upscale/enlargement.ts';
import { checkModel } from '../../runtime/check-model.ts';
import { widthOf } from '../../runtime/people.ts';
import { fittedTable } from '../terminal/fitted-table.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { say } from '../terminal/say.ts';

export type ModelOptions = {
  readonly scale?: string;
  readonly from?: string;
  readonly to?: string;
  readonly white?: string;
  readonly halo?: string;
  readonly align?: string;
  readonly frames?: string;
  readonly overlap?: string;
  readonly device: string;
  readonly json?: boolean;
};

/** Returns exit code 0 if the model passes all checks, otherwise that of bad input. */
export async function model(path: string, options: ModelOptions): Promise<number> {
  const device = DEVICES.find((each) => each === options.device);
  if (device === undefined) throw usage(`--device ${options.device} is not known; it takes ${DEVICES.join(', ')}`);
  const number = (name: NumberName, least: number, most: number) => numberIn(options[name], `--${name}`, least, most);
  const { from, to } = options;
  const report = (message: string) => say(printable(message));
  const asked: Parameters<typeof checkModel>[0] = {
    path,
    device,
    from,
    to,
    scale: number('scale', 2, 4),
    white: number('white', 1, 65_535),
    halo: options.halo === 'whole' ? 'whole' : number('halo', 0, 4096),
    align: number('align', 1, 256),
    frames: number('frames', 2, 64),
    overlap: number('overlap', 0, 31),
  };
  const { model: found, checks } = await checkModel(asked, { signal: interruptSignal(), report });
  const passed = checks.every((check) => check.passed);
  const { id, halo, bytes, sha256, range, network } = found;
  const reach = found.cut ? { cut: found.cut } : { halo };
  const entry = { id, scale: found.scale, range, network, ...reach, frames: found.frames, bytes, sha256 };
  if (options.json) process.stdout.write(`${JSON.stringify({ type: 'model', entry, checks, passed })}\n`);
  else {
    const rows = checks.map((check) => [check.passed ? 'ok' : 'FAILED', check.name, check.detail]);
    const table = fittedTable(['', 'check', 'found'], rows, widthOf(process.stdout));
    process.stdout.write(`${table}\n${JSON.stringify(entry, undefined, 2)}\n`);
  }
  return passed ? 0 : FAILURES['bad-input'].exit;
}

type NumberName = 'scale' | 'white' | 'halo' | 'align' | 'frames' | 'overlap';

function numberIn(text: string | undefined, name: string, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usage(`${name} ${text} is out of range; it takes ${least} to ${most}`);
}
