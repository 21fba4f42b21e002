import type { Codec } from '../../core/codecs/codec.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { ProcessError } from '../process/process-error.ts';
import { runProcess } from '../process/run-process.ts';
import { type LibraryCache, storedVersion } from './library-cache.ts';

type CodecLibrary = NonNullable<Codec<unknown>['library']>;

type Question = {
  readonly args: readonly string[];
  /** Returns the version in these lines, or undefined if they do not name one. */
  read(stderr: readonly string[]): string | undefined;
  readonly otherwise: string;
};

/** How each library is asked for its version. They name it only while they encode, so one black frame is encoded. */
const QUESTIONS: Readonly<Record<CodecLibrary, Question>> = {
  libx265: { args: ['-x265-params', 'pools=none:frame-threads=1'], read: x265In, otherwise: 'none' },
  libx264: { args: ['-flags', '+global_header'], read: x264In, otherwise: 'unknown' },
  libsvtav1: { args: ['-preset', '12'], read: svtIn, otherwise: 'unknown' },
};

const known = new Map<string, Promise<string>>();

/**
 * Returns version and build of the library with which an ffmpeg is linked. It is asked once in each process at most, and
 * stored only with the stamp of the library's own file, which may be replaced without the tool. Throws `missing-tool` if the
 * tool does not work.
 */
export function libraryVersion(
  path: string,
  library: CodecLibrary,
  { signal, cache }: { readonly signal: AbortSignal; readonly cache: LibraryCache | undefined },
): Promise<string> {
  const key = `${path} ${library}`;
  const question = () => ask(path, library, signal);
  const asked = known.get(key) ?? (cache ? storedVersion(cache, { path, library, signal }, question) : question());
  known.set(key, asked);
  asked.catch(() => known.delete(key));
  return asked;
}

async function ask(path: string, library: CodecLibrary, signal: AbortSignal): Promise<string> {
  const { args, read, otherwise } = QUESTIONS[library];
  const input = [...ffmpegPreamble({ log: 'info' }), '-f', 'lavfi', '-i', 'color=size=64x64:rate=25'];
  const encoder = ['-frames:v', '1', '-c:v', library, '-preset', 'ultrafast', ...args, '-f', 'null', '-'];
  try {
    return read((await runProcess(path, [...input, ...encoder], { signal })).stderrTail) ?? otherwise;
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    const why = error.stderrTail.at(-1) ?? `it ended with exit code ${error.exitCode}`;
    throw new ServiceError(
      'missing-tool',
      `${path} lists ${library}, but cannot encode with it: ${why}`,
      {},
      { cause: error },
    );
  }
}

/**
 * Returns, for example, "3.5+1-f0c1022b6 [Linux][GCC 12.2.0][64 bit] 8bit+10bit+12bit", or undefined if x265 did not
 * report its version.
 */
export function x265In(stderr: readonly string[]): string | undefined {
  const after = (words: string) =>
    stderr.map((line) => line.match(`^x265 \\[info\\]: ${words} (.+)$`)?.[1]).find((found) => found !== undefined);
  const version = after('HEVC encoder version');
  return version && [version, after('build info')].filter(Boolean).join(' ');
}

/** Returns, for example, "1.4.1", or undefined if SVT-AV1 did not report its version. */
function svtIn(stderr: readonly string[]): string | undefined {
  return stderr.map((line) => /SVT-AV1 Encoder Lib v(\S+)/.exec(line)?.[1]).find(Boolean);
}

/** Returns, for example, "core 164 r3095 baee400", or undefined if x264 did not report its version. */
export function x264In(stderr: readonly string[]): string | undefined {
  return stderr.map((line) => / 264 - (core \S+(?: r\S+(?: \w+)?)?)/.exec(line)?.[1]).find(Boolean);
}
