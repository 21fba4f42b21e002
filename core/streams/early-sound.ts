import { usage } from '../errors.ts';
import type { StreamPlan } from './stream-plan.ts';

/** Of what an edit list leaves out before the beginning, decoders need no more than this. */
export const EARLIEST_SECONDS = -0.1;

/** ffmpeg's filter of packets that leaves the first ones out; by their number, since 5.1 tells it times in a wrong unit. */
export const withoutFirstPackets = (packets: number): string => `noise=drop=lt(n\\,${packets})`;

/**
 * The plans for Matroska, which has no time before 0 and hides nothing: of copied sound that was cut by an edit list, as
 * trimming by stream copy leaves it, what nobody was to hear is left out. Throws `usage` for a second picture cut like
 * that, which does not decode without.
 */
export const withoutEarlySound = (
  plans: readonly StreamPlan[],
  mainStream: number,
  surveys: readonly { readonly stream: number; readonly early?: { readonly packets: number } }[],
): readonly StreamPlan[] =>
  plans.map((plan) => {
    const { stream, codecArgs, why } = plan;
    const early = surveys.find((survey) => survey.stream === stream.index)?.early;
    if (!early || stream.index === mainStream || codecArgs?.[0] !== 'copy') return plan;
    if (stream.type === 'video')
      throw usage(
        `stream ${stream.index} needs pictures from before the beginning, and Matroska cannot hide them; take container=mp4`,
      );
    if (stream.type !== 'audio') return plan;
    return { ...plan, withoutFirst: early.packets, why: `${why}, but for ${early.packets} from before the beginning` };
  });
