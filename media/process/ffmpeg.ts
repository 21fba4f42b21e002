import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type FailureCode, ServiceError } from '../../core/errors.ts';
import { logWords } from '../../core/log-words.ts';
import { ProcessError } from './process-error.ts';
import { type ProcessOptions, type ProcessResult, runProcess } from './run-process.ts';

type FfmpegOptions = Omit<ProcessOptions, 'extraPipes'> & {
  /** Called with the number of frames that are done, as `-progress pipe:3` reports it. */
  onFrames?(frames: number): void;
  /** The file that ffmpeg writes. If ffmpeg fails while its disk is full, the disk is given as the cause. */
  readonly writes?: string;
  /** The code of a failure that neither memory nor disk explains. */
  readonly blame: FailureCode;
  /** What ffmpeg is doing, for the message of a failure: "encoding segment 3". */
  readonly doing: string;
};

/**
 * Runs ffmpeg or ffprobe. A failure becomes a `ServiceError` with one cause and one sentence; the last lines of stderr
 * are among its details.
 */
export async function runFfmpeg(command: string, args: readonly string[], run: FfmpegOptions): Promise<ProcessResult> {
  const { onFrames, writes, blame, doing, ...options } = run;
  const progress = (line: string) => {
    const frames = /^frame=\s*(\d+)/.exec(line)?.[1];
    if (frames && onFrames) onFrames(Number(frames));
  };
  try {
    const pipes = args.includes('pipe:3') ? { extraPipes: { 3: progress } } : {};
    const result = await runProcess(command, args, { ...options, ...pipes, env: { ...ENVIRONMENT, ...options.env } });
    // a file whose index found no room is no failure to ffmpeg
    if (writes !== undefined && result.stderrTail.some((line) => line.includes(NO_ROOM))) throw full(writes, doing, {});
    return result;
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    throw await explain(error, { writes, blame, doing });
  }
}

const ENVIRONMENT = {
  // SVT-AV1 writes its settings to stderr whatever ffmpeg's level is, where they would pass for words of a decoder.
  SVT_LOG: '1',
  // A static ffmpeg crashes when its glibc loads the system's tables of character sets, which it does for the name of each
  // broadcast service. It does not look for them where this variable is set. A shared ffmpeg finds them all the same.
  GCONV_PATH: '/dev/null',
};

/** Signals by which a program dies of a fault of its own. */
const CRASHES: readonly (string | undefined)[] = ['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGFPE', 'SIGILL', 'SIGTRAP'];

async function explain(
  error: ProcessError,
  { writes, blame, doing }: { writes: string | undefined; blame: FailureCode; doing: string },
): Promise<ServiceError> {
  const details = { command: [error.command, ...error.args], exitCode: error.exitCode, stderr: error.stderrTail };
  if (error.signal === 'SIGKILL') {
    return new ServiceError(
      'out-of-memory',
      `${doing}: the system killed the process, as it does when memory runs out`,
      details,
      {
        cause: error,
      },
    );
  }
  if (error.signal === 'SIGXFSZ') {
    return new ServiceError(
      'disk-full',
      `${doing}: the file became larger than this system allows (ulimit -f)`,
      details,
      {
        cause: error,
      },
    );
  }
  if (writes !== undefined && (await isFull(dirname(writes)))) {
    return full(writes, doing, details, error);
  }
  if (CRASHES.includes(error.signal)) {
    const message = `${doing}: ${error.command} crashed (${error.signal}); try another version of it (REELMILL_FFMPEG)`;
    return new ServiceError(blame, message, details, { cause: error });
  }
  const lastWords = logWords(
    error.stderrTail.findLast((line) => !UNENDED.test(line)) ?? `exit code ${error.exitCode ?? error.signal}`,
  );
  return new ServiceError(blame, `${doing}: ${lastWords}`, details, { cause: error });
}

/** "Error initializing output stream 0:0 -- ", behind which ffmpeg says nothing of most causes; the line before has the cause. */
const UNENDED = /--\s*$/;

const NO_ROOM = 'No space left on device';

const full = (writes: string, doing: string, details: object, cause?: unknown): ServiceError =>
  new ServiceError('disk-full', `${doing}: the disk under ${dirname(writes)} is full`, { ...details }, { cause });

const NEARLY_NOTHING = 4 << 20;

async function isFull(folder: string): Promise<boolean> {
  const disk = await statfs(folder).catch(() => undefined);
  return disk !== undefined && disk.bavail * disk.bsize < NEARLY_NOTHING;
}
