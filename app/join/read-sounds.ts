import type { Access, Probe } from '../../core/film/probe.ts';
import type { StreamSurvey } from '../../core/ports/film-reader.ts';
import type { Measurer, SoundTask } from '../../core/ports/measurer.ts';
import { levelReader, levelsWithin, rangeOf } from '../../core/quality/sound-levels.ts';
import { decodedKind } from '../../core/streams/one-sound-kind.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import { whyUnplaced } from '../../core/streams/unheard-sound.ts';
import type { Rational } from '../../core/units.ts';
import { toNumber } from '../../core/units.ts';
import type { SoundEvidence } from '../../core/verify/sound-checks.ts';
import { placeSound } from '../../core/verify/sound-placement.ts';

export type SoundsOf = {
  readonly source: { readonly path: string; readonly access: Access; readonly firstFrameSeconds: number };
  readonly made: { readonly path: string; readonly access: Access; readonly firstFrameSeconds: number };
  /** Each sound, with its stream number in the rendition. */
  readonly pairs: readonly {
    readonly plan: StreamPlan;
    readonly survey: StreamSurvey | undefined;
    readonly at: number;
  }[];
  readonly timeFactor: Rational | undefined;
};

/**
 * Decodes every converted sound of the source and of the rendition, and compares the two. One core is enough, so they are
 * read one after the other.
 */
export async function readSounds(
  { source, made, pairs, timeFactor }: SoundsOf,
  measurer: Pick<Measurer, 'readSound'>,
  signal: AbortSignal,
): Promise<readonly SoundEvidence[]> {
  const found: SoundEvidence[] = [];
  for (const { plan, survey, at } of pairs) {
    const { index: stream } = plan.stream;
    const kind = decodedKind(plan);
    const read = async (hash: SoundTask['hash']) => ({
      was: await measurer.readSound({ path: source.path, access: source.access, stream, hash, kind }, signal),
      is: await measurer.readSound({ path: made.path, access: made.access, stream: at, hash }, signal),
    });
    const first = await read(plan.isExact ? 'all' : 'none');
    const isLaid = plan.fillsGaps === true || plan.decodedFirst === true;
    const overlapSeconds = plan.isExact && isLaid ? first.was.overlapSeconds : 0;
    const isFilled = first.was.gapSeconds > 0 || plan.silentFrom !== undefined;
    const filled = plan.isExact === true && isLaid && isFilled;
    const { was, is } = filled ? await read('sounding') : first;
    const range = rangeOf(plan.codecArgs?.[0]);
    const why = whyUnplaced(survey);
    const placement = why
      ? ({ kind: 'unknown', why } as const)
      : placeSound(
          levelReader(
            plan.silenceTo || plan.cutAt || plan.cutFrom ? levelsWithin(was.levels, keptOf(plan)) : was.levels,
            source.firstFrameSeconds,
            timeFactor && toNumber(timeFactor),
            range,
          ),
          levelReader(is.levels, made.firstFrameSeconds, 1, range),
          isLaid || plan.silenceTo ? was.waverSeconds : 0,
        );
    found.push({
      stream,
      placement,
      ...(overlapSeconds > 0 && { overlapSeconds }),
      ...(is.overlapSeconds > 0 && { madeOverlapSeconds: is.overlapSeconds }),
      ...(plan.isExact && overlapSeconds === 0 && { samples: { source: was.channels, made: is.channels, filled } }),
    });
  }
  return found;
}

/** The part of a sound that the rendition has, in seconds from the file's start. */
export const keptOf = ({ silenceTo, cutFrom, cutAt }: StreamPlan) =>
  silenceTo ?? { from: cutFrom?.seconds ?? Number.NEGATIVE_INFINITY, to: cutAt?.seconds ?? Number.POSITIVE_INFINITY };

/** Returns the streams of a rendition that are converted sound. They are paired with the source's by their order. */
export function convertedSounds(
  plans: readonly StreamPlan[],
  surveys: readonly StreamSurvey[],
  output: Probe,
): SoundsOf['pairs'] {
  const sounds = output.streams.filter(({ type }) => type === 'audio');
  return plans
    .filter(({ stream, codecArgs }) => stream.type === 'audio' && codecArgs)
    .flatMap((plan, i) => {
      const at = sounds[i]?.index;
      const survey = surveys.find(({ stream }) => stream === plan.stream.index);
      return plan.codecArgs?.[0] === 'copy' || at === undefined ? [] : [{ plan, survey, at }];
    });
}
