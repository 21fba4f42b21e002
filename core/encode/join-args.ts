import type { VideoFacts } from '../media/probe.ts';
import type { StreamPlan } from '../media/streams.ts';
import type { Container } from '../recipes/recipe.ts';
import type { Rational } from '../units.ts';

export type JoinPiece = {
  readonly path: string /** Undefined on the last. */;
  readonly durationSeconds: number | undefined;
};

export type JoinPlan = {
  readonly pieces: readonly JoinPiece[];
  readonly source: string;
  /** The main picture's first, then every stream of the source that goes into the rendition. */
  readonly streams: readonly StreamPlan[];
  readonly mainStream: number;
  /** Of the first frame, from the source's start. */
  readonly firstSeconds: number;
  readonly timescale: number;
  readonly container: Container;
  readonly codec: 'hevc';
  readonly video: VideoFacts;
  readonly sar: Rational;
  readonly timecode: string | undefined;
  readonly output: string;
};

/** The container's ticks a second: the source's, so that every time is exact; at least 1000, as players expect. */
export function timescaleOf({ den }: Rational): number {
  let timescale = den;
  while (timescale < 1000) timescale *= 2;
  return timescale;
}

/**
 * ffmpeg's concat script. Each piece but the last says how long it lasts, or the next would begin where ffmpeg guesses.
 * Paths are ours (keys), never the source's.
 */
export function concatScript(pieces: readonly JoinPiece[]): string {
  const lines = pieces.flatMap(({ path, durationSeconds }) => [
    `file 'file:${path.replaceAll("'", "'\\''")}'`,
    ...(durationSeconds === undefined ? [] : [`duration ${durationSeconds.toFixed(9)}`]),
  ]);
  return ['ffconcat version 1.0', ...lines, ''].join('\n');
}

/** Pieces and the source's other streams into one file, nothing re-encoded but what the plan names. Pure. */
export function joinArgs(plan: JoinPlan, script: string, sourceInput: readonly string[]): string[] {
  const others = plan.streams.filter(({ stream, codecArgs }) => stream.index !== plan.mainStream && codecArgs);
  return [
    ['-hide_banner', '-nostdin', '-v', 'error', '-max_error_rate', '1', '-y'],
    ['-itsoffset', plan.firstSeconds.toFixed(9)],
    ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file,pipe', '-i', `file:${script}`],
    sourceInput,
    ['-map', '0:v:0'],
    others.flatMap(({ stream }) => ['-map', `1:${stream.index}`]),
    ['-map_metadata', '1', '-map_chapters', '1', '-map_metadata:s:v:0', `1:s:${plan.mainStream}`],
    ['-c:v:0', 'copy'],
    others.flatMap((each, i) => streamArgs(each, i + 1)),
    plan.timecode !== undefined && ['-metadata:s:v:0', `timecode=${plan.timecode}`],
    containerArgs(plan),
    ['-fflags', '+bitexact', '-max_interleave_delta', '0', '-progress', 'pipe:3', `file:${plan.output}`],
  ].flatMap((group) => group || []);
}

function streamArgs({ stream, codecArgs = [] }: StreamPlan, output: number): string[] {
  const [codec = 'copy', ...options] = codecArgs;
  const pairs = options.map((option) => (option.startsWith('-') ? `${option}:${output}` : option));
  const dispositions = stream.dispositions.length > 0 ? stream.dispositions.join('+') : '0';
  const metadata = [`-map_metadata:s:${output}`, `1:s:${stream.index}`];
  return [`-c:${output}`, codec, ...pairs, `-disposition:${output}`, dispositions, ...metadata];
}

function containerArgs({ container, timescale, codec }: JoinPlan): string[] {
  switch (container) {
    case 'mp4':
      return [
        codec === 'hevc' ? ['-tag:v:0', 'hvc1'] : [], // Safari refuses hev1
        ['-video_track_timescale', `${timescale}`, '-movie_timescale', `${timescale}`],
        ['-movflags', '+faststart+use_metadata_tags', '-strict', 'experimental', '-f', 'mp4'],
      ].flat();
    case 'mkv':
      return ['-f', 'matroska'];
    default:
      return container satisfies never;
  }
}
