import { isInMatroska } from '../settings/delivery.ts';
import { isTextOfMp4, type StreamPlan } from '../streams/stream-plan.ts';
import type { JoinPlan } from './join-plan.ts';

/**
 * Returns the plans of texts that a join reads from an MP4 of texts with exact times: all of an MP4 or MOV, and in other containers those that an MP4 or MOV
 * shows, since ffmpeg reads these at other times.
 */
export const textMoviesOf = ({ streams, container }: Pick<JoinPlan, 'streams' | 'container'>): readonly StreamPlan[] =>
  streams.filter((plan) => {
    if (!isInMatroska(container)) return isTextOfMp4(plan);
    return plan.stream.codec === 'mov_text' && plan.codecArgs && plan.codecArgs[0] !== 'copy' && !plan.inside;
  });

/** Returns ffmpeg's arguments for these files as inputs. Their times are those of the rendition. */
export const textMovieInputs = (files: ReadonlyMap<number, string>): readonly string[] =>
  [...files.values()].flatMap((path) => ['-f', 'mov', '-protocol_whitelist', 'file', '-i', `file:${path}`]);
