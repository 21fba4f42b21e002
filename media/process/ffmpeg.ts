import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type FailureCode, ServiceError } from '../../core/errors.ts';
import { ProcessError } from './process-error.ts';
import { type RunOptions, type RunResult, runProcess } from './run-process.ts';

export type FfmpegRun = Omit<RunOptions, 'extraPipes'> & {
  /** Frames done, from `-progress pipe:3`. */
  onFrames?(frames: number): void;
  /** A file being written: if ffmpeg fails while its disk is full, the disk is the cause. */
  readonly writes?: string;
  /** The failure code of a failed run, when neither memory nor disk is the cause. */
  readonly blame: FailureCode;
  /** The beginning of the error's sentence, as "encoding segment 3". */
  readonly doing: string;
};

/**
 * Returns the arguments with which every ffmpeg command of `media/` begins: no banner, nothing read from the terminal, and
 * how much is logged. At `info`, where the log itself is parsed, the progress line is left out of it.
 */
export const ffmpegPreamble = (log: 'error' | 'info' = 'error'): string[] => [
  ...['-hide_banner', '-nostdin', '-v', log],
  ...(log === 'info' ? ['-nostats'] : []),
];

/** Runs ffmpeg or ffprobe; a failure becomes one cause and one sentence, ffmpeg's last words among its details. */
export async function runFfmpeg(command: string, args: readonly string[], run: FfmpegRun): Promise<RunResult> {
  const { onFrames, writes, blame, doing, ...options } = run;
  const progress = (line: string) => {
    const frames = /^frame=\s*(\d+)/.exec(line)?.[1];
    if (frames && onFrames) onFrames(Number(frames));
  };
  try {
    return await runProcess(
      command,
      args,
      args.includes('pipe:3') ? { ...options, extraPipes: { 3: progress } } : options,
    );
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    throw await explain(error, { writes, blame, doing });
  }
}

async function explain(
  error: ProcessError,
  { writes, blame, doing }: { writes: string | undefined; blame: FailureCode; doing: string },
): Promise<ServiceError> {
  const details = { command: [error.command, ...error.args], exitCode: error.exitCode, stderr: error.stderrTail };
  if (error.signal === 'SIGKILL') {
    return new ServiceError(
      'out-of-memory',
      `${doing}: the system killed it, as it does when memory runs out`,
      details,
      {
        cause: error,
      },
    );
  }
  if (error.signal === 'SIGXFSZ') {
    return new ServiceError('disk-full', `${doing}: no file may grow so large here (ulimit -f)`, details, {
      cause: error,
    });
  }
  if (writes !== undefined && (await isFull(dirname(writes)))) {
    return new ServiceError('disk-full', `${doing}: the disk under ${dirname(writes)} is full`, details, {
      cause: error,
    });
  }
  const lastWords = error.stderrTail.at(-1) ?? `exit code ${error.exitCode}`;
  return new ServiceError(blame, `${doing}: ${lastWords}`, details, { cause: error });
}

const NEARLY_NOTHING = 4 << 20;

async function isFull(folder: string): Promise<boolean> {
  const disk = await statfs(folder).catch(() => undefined);
  return disk !== undefined && disk.bavail * disk.bsize < NEARLY_NOTHING;
}
