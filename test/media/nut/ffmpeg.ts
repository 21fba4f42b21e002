import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';

/** Starts ffmpeg. `ended` resolves to its stderr, and rejects if it failed. */
export function ffmpeg(...args: string[]) {
  const child = spawn('ffmpeg', ['-hide_banner', '-v', 'warning', '-xerror', ...args]);
  const ended = Promise.all([once(child, 'exit'), textOf(child.stderr)]).then(([[code], complaints]) => {
    if (code !== 0) throw new Error(`ffmpeg exits ${code}: ${complaints}`);
    return complaints.replace(/^.*-enc_time_base -1 is deprecated.*\n/gm, ''); // ffmpeg 7.0 warns, but the option works
  });
  ended.catch(() => {});
  const stdout = child.stdout.pipe(new PassThrough()); // node throws away what nobody reads when the process ends
  return { stdin: child.stdin, stdout, ended };
}

/** "3/25 <hash>" for each frame of a framemd5 report, with the time in lowest terms. */
export function framesOf(report: string): string[] {
  const [, num, den] = /^#tb 0: (\d+)\/(\d+)$/m.exec(report) ?? [];
  const lines = report.split('\n').filter((line) => /^\d/.test(line));
  return lines.map((line) => {
    const [, , pts, , , hash] = line.split(/,\s*/);
    return `${secondsOf(Number(pts), { num: Number(num), den: Number(den) })} ${hash}`;
  });
}

/** A time in seconds as an exact fraction. */
export function secondsOf(ticks: number, timeBase: { num: number; den: number }): string {
  const [top, bottom] = [BigInt(ticks) * BigInt(timeBase.num), BigInt(timeBase.den)];
  const divisor = gcd(top, bottom);
  return `${top / divisor}/${bottom / divisor}`;
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

export async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
}
