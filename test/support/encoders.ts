import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export type RunningEncoder = { readonly pid: number; readonly state: string; readonly nice: number };

/** The processes that encode this file by x265 now: their ids, states (T is stopped) and nice values. */
export async function encodersOf(source: string): Promise<readonly RunningEncoder[]> {
  const args = ['-A', '-ww', '-o', 'pid=,state=,ni=,args='];
  const { stdout } = await promisify(execFile)('ps', args, { maxBuffer: 1 << 26 });
  return stdout.split('\n').flatMap((line) => {
    const [pid, state = '', nice] = line.trim().split(/\s+/);
    return line.includes('libx265') && line.includes(source) ? [{ pid: Number(pid), state, nice: Number(nice) }] : [];
  });
}
