import process from 'node:process';
import Table from 'cli-table3';
import { FAILURES, usage } from '../../core/errors.ts';
import { DEVICES, SCALES } from '../../core/upscale/enlargement.ts';
import { checkModel } from '../../runtime/check-model.ts';

export type ModelOptions = {
  readonly scale: string;
  readonly from: string;
  readonly to: string;
  readonly white: string;
  readonly device: string;
  readonly json?: boolean;
};

/** Exit code 0 where a model passes the contract, else that of bad input. */
export async function model(path: string, options: ModelOptions): Promise<number> {
  const scale = SCALES.find((each) => String(each) === options.scale);
  const white = [1, 255].find((each) => String(each) === options.white);
  const device = DEVICES.find((each) => each === options.device);
  if (scale === undefined) throw usage(`--scale ${options.scale} is out of range; it takes ${SCALES.join(', ')}`);
  if (white === undefined) throw usage(`--white ${options.white} is out of range; it takes 1, 255`);
  if (device === undefined) throw usage(`--device ${options.device} is not known; it takes ${DEVICES.join(', ')}`);
  const { from, to } = options;
  const { model: found, checks } = await checkModel({ path, scale, from, to, white, device });
  const passed = checks.every((check) => check.passed);
  const { id, halo, bytes, sha256, range, network } = found;
  const entry = { id, scale, range, network, halo, bytes, sha256 };
  if (options.json) process.stdout.write(`${JSON.stringify({ type: 'model', entry, checks, passed })}\n`);
  else {
    const table = new Table({ head: ['', 'check', 'found'], style: { head: [], border: [], compact: true } });
    for (const check of checks) table.push([check.passed ? 'ok' : 'FAILED', check.name, check.detail]);
    process.stdout.write(`${table.toString()}\n${JSON.stringify(entry, undefined, 2)}\n`);
  }
  return passed ? 0 : FAILURES['bad-input'].exit;
}
