import type { JoinPlan } from './join-plan.ts';

/** Returns the streams of texts of an MP4 or MOV that become another codec. A join reads them from files with the times at which the source shows them. */
export const textMoviesOf = ({ streams }: Pick<JoinPlan, 'streams'>): readonly number[] =>
  streams
    .filter(({ stream, codecArgs, inside }) => stream.codec === 'mov_text' && codecArgs && !inside)
    .filter(({ codecArgs }) => codecArgs?.[0] !== 'copy')
    .map(({ stream }) => stream.index);

/** Returns ffmpeg's arguments for these files as inputs, each behind `late`. */
export const textMovieInputs = (files: ReadonlyMap<number, string>, late: readonly string[]): readonly string[] =>
  [...files.values()].flatMap((path) => [...late, '-f', 'mov', '-protocol_whitelist', 'file', '-i', `file:${path}`]);
