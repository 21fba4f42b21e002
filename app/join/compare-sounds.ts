import type { Access } from '../../core/film/access.ts';
import type { Probe } from '../../core/film/probe.ts';
import type { SoundIn, StreamSurvey } from '../../core/ports/film-reader.ts';
import type { Measurer, SoundReading, SoundTask } from '../../core/ports/measurer.ts';
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
  /** How long the film is; infinite where that is not known. */
  readonly seconds: number;
};

/** So many sounds are read at once at most, each with what was made of it, and fewer where all of them together last longer than this. */
const AT_ONCE = { pairs: 4, seconds: 12 * 3600 };

/**
 * Decodes every converted sound of the source and of the rendition, and compares the two. Each file is read once for several sounds: their
 * levels are kept in memory meanwhile, which of long films leaves room for those of one.
 */
export async function compareSounds(
  sounds: SoundsOf,
  measurer: Pick<Measurer, 'readSounds'>,
  signal: AbortSignal,
): Promise<readonly SoundEvidence[]> {
  const { pairs, seconds } = sounds;
  const atOnce = Math.max(1, Math.min(AT_ONCE.pairs, Math.floor(AT_ONCE.seconds / Math.max(1, seconds))));
  const found: SoundEvidence[] = [];
  for (let i = 0; i < pairs.length; i += atOnce)
    found.push(...(await readSome({ ...sounds, pairs: pairs.slice(i, i + atOnce) }, measurer, signal)));
  return found;
}

type SoundPair = SoundsOf['pairs'][number];
type BothReadings = { readonly pair: SoundPair; readonly was: SoundReading; readonly is: SoundReading };

async function readSome(
  sounds: SoundsOf,
  measurer: Pick<Measurer, 'readSounds'>,
  signal: AbortSignal,
): Promise<readonly SoundEvidence[]> {
  const { source, made, pairs } = sounds;
  const read = async (which: readonly SoundPair[], hashOf: (pair: SoundPair) => SoundTask['hash']) => {
    const tasks = which.flatMap((pair) => [
      {
        ...{ path: source.path, access: source.access, stream: pair.plan.stream.index },
        ...{ hash: hashOf(pair), kind: decodedKind(pair.plan) },
      },
      { path: made.path, access: made.access, stream: pair.at, hash: hashOf(pair) },
    ]);
    const readings = await measurer.readSounds(tasks, signal);
    return which.flatMap((pair, i): readonly BothReadings[] => {
      const [was, is] = [readings[2 * i], readings[2 * i + 1]];
      return was && is ? [{ pair, was, is }] : [];
    });
  };
  const first = await read(pairs, ({ plan }) => (plan.isExact ? 'all' : 'none'));
  const filled = first.filter(isFilled).map(({ pair }) => pair);
  const again = filled.length > 0 ? await read(filled, () => 'sounding') : [];
  return first.map((both) =>
    evidenceOf(
      sounds,
      both,
      again.find(({ pair }) => pair === both.pair),
    ),
  );
}

const isLaid = ({ plan }: SoundPair) => plan.fillsGaps === true || plan.decodedFirst === true;

/** Whether silence was inserted into a sound that is to be exact otherwise. */
const isFilled = ({ pair, was }: BothReadings): boolean =>
  pair.plan.isExact === true && isLaid(pair) && (was.gapSeconds > 0 || pair.plan.silentFrom !== undefined);

function evidenceOf(
  { source, made, timeFactor }: SoundsOf,
  first: BothReadings,
  sounding: BothReadings | undefined,
): SoundEvidence {
  const { pair } = first;
  const { plan, survey } = pair;
  const { was, is } = sounding ?? first;
  const overlapSeconds = plan.isExact && isLaid(pair) ? first.was.overlapSeconds : 0;
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
        isLaid(pair) || plan.silenceTo ? was.waverSeconds : 0,
      );
  return {
    stream: plan.stream.index,
    placement,
    ...(overlapSeconds > 0 && { overlapSeconds }),
    ...(is.overlapSeconds > 0 && { madeOverlapSeconds: is.overlapSeconds }),
    ...(plan.isExact &&
      overlapSeconds === 0 && { samples: { source: was.channels, made: is.channels, filled: sounding !== undefined } }),
  };
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
  return soundsIn(output, plans)
    .filter(({ plan }) => !isCopied(plan))
    .map(({ plan, at }) => ({ plan, at, survey: surveys.find(({ stream }) => stream === plan.stream.index) }));
}

/** Returns the streams of a rendition that are copied sound, with the codecs that they have in the source. */
export const copiedSounds = (plans: readonly StreamPlan[], output: Probe): readonly SoundIn[] =>
  soundsIn(output, plans)
    .filter(({ plan }) => isCopied(plan))
    .map(({ plan, at }) => ({ stream: at, codec: plan.stream.codec }));

const isCopied = ({ codecArgs }: StreamPlan) => codecArgs?.[0] === 'copy';

/** The sounds of a rendition, each with its plan: they have the same order. */
function soundsIn({ streams }: Probe, plans: readonly StreamPlan[]) {
  const sounds = streams.filter(({ type }) => type === 'audio');
  return plans
    .filter(({ stream, codecArgs }) => stream.type === 'audio' && codecArgs)
    .flatMap((plan, i) => {
      const at = sounds[i]?.index;
      return at === undefined ? [] : [{ plan, at }];
    });
}
