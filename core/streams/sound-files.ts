import { streamedLanguage } from '../description/language.ts';
import type { Probe, Stream } from '../film/probe.ts';
import { losesHeaders, withDecodedFirst } from './another-way.ts';
import { aacArgs, channelsInStream, MOST_RUNG_CHANNELS } from './delivered-streams.ts';
import { type FilmSpan, type SurveyedSound, withSilence } from './film-span.ts';
import { withoutHidden } from './hidden-sound.ts';
import { withOneSoundKind } from './one-sound-kind.ts';
import type { StreamPlan, ToldFate } from './stream-plan.ts';
import { mainSound } from './unusable-streams.ts';

/** A sound that is streamed from a file of its own, beside the renditions. */
export type SoundFile = {
  readonly name: string;
  /** The plan of its only stream. */
  readonly plan: StreamPlan;
  readonly channels: number;
  readonly language: string | undefined;
  readonly isDefault: boolean;
  readonly purpose: 'commentary' | 'description' | undefined;
};

/**
 * Returns the sounds of a film besides the one inside its renditions, the default one first: every other sound, and a
 * surround version of each that has more than two channels. All last as long as the film.
 */
export function soundFiles(
  { streams }: Pick<Probe, 'streams'>,
  film: FilmSpan,
  { surveys, leftOut }: { readonly surveys: readonly SurveyedSound[]; readonly leftOut: ReadonlyMap<number, string> },
): readonly SoundFile[] {
  const wanted = streams.filter(({ index, type, unusable }) => type === 'audio' && !unusable && !leftOut.has(index));
  const main = mainSound({ streams: wanted });
  const inOrder = [...wanted.filter((each) => each === main), ...wanted.filter((each) => each !== main)];
  const file = (stream: Stream, most: number, name: string): SoundFile => {
    const channels = channelsInStream(stream, most);
    const wanted = { delivery: 'stream' } as const;
    const shown = withOneSoundKind(withoutHidden([planOf(stream, most)], surveys, wanted), wanted);
    const [plan = planOf(stream, most)] = withDecodedFirst(withSilence(shown, film, surveys));
    const language = streamedLanguage(stream.tags.language);
    return { name, plan, channels, language, isDefault: stream === main, purpose: purposeOf(stream) };
  };
  return inOrder.flatMap((stream) => {
    const name = `sound-${stream.index}`;
    const plain = stream === main ? [] : [file(stream, MOST_RUNG_CHANNELS, name)];
    const hasMore = channelsInStream(stream) > MOST_RUNG_CHANNELS;
    return hasMore ? [...plain, file(stream, Number.POSITIVE_INFINITY, `${name}.surround`)] : plain;
  });
}

/** Returns the name of a sound's file of its own, below the folder of the result. */
export const soundPath = ({ name }: Pick<SoundFile, 'name'>): string => `${name}.mp4`;

/** Returns what becomes of a sound in a file of its own; `before` is what became of it in another. */
export function soundFate(sound: SoundFile, before: ToldFate | undefined): ToldFate {
  const { plan, channels } = sound;
  const sidecar = soundPath(sound);
  const isSurround = channels > MOST_RUNG_CHANNELS;
  const why = isSurround ? `all of its channels are in ${sidecar}` : `${plan.why}: in ${sidecar}`;
  return { sidecar, fate: plan.fate, ...before, why: before ? `${before.why}; ${why}` : why };
}

function planOf(stream: Stream, mostChannels: number): StreamPlan {
  const isCopy =
    stream.codec === 'aac' &&
    !losesHeaders(stream) &&
    (stream.audio?.channels ?? 2) <= channelsInStream(stream, mostChannels);
  return {
    stream,
    fate: isCopy ? 'kept' : 'converted',
    why: isCopy ? 'its packets are copied' : 'AAC, which every browser plays',
    codecArgs: isCopy ? ['copy'] : aacArgs(stream, mostChannels),
    sidecar: undefined,
  };
}

function purposeOf({ dispositions }: Stream): SoundFile['purpose'] {
  if (dispositions.includes('comment')) return 'commentary';
  return dispositions.includes('visual_impaired') ? 'description' : undefined;
}
