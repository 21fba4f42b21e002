import { soundFate, soundFiles } from '../../core/streams/sound-files.ts';
import type { ToldFate } from '../../core/streams/stream-plan.ts';
import { asWebVtt, captionStreams, textFiles } from '../../core/streams/text-files.ts';
import type { StreamedSource, ToldFates } from '../source/streamed-source.ts';

/** What will become of a film's streams in files of their own, as far as it can be told before their packets are read. */
export function foreseenFiles({ source, film, leftOut }: StreamedSource): ToldFates {
  const { probe, main, streams: surveys } = source;
  const fates = new Map<number, ToldFate>();
  for (const sound of soundFiles(probe, film, { surveys, leftOut })) {
    const { index } = sound.plan.stream;
    fates.set(index, soundFate(sound, fates.get(index)));
  }
  for (const text of textFiles(probe.streams, leftOut))
    fates.set(text.stream.index, { fate: 'converted', why: asWebVtt(text) });
  for (const { index, codec } of captionStreams(probe.streams, main.index, leftOut))
    fates.set(index, { fate: 'converted', why: WHY[codec] ?? OF_CHANNELS });
  return fates;
}

const OF_CHANNELS = 'its closed captions as WebVTT in a file for each channel, for players';
const OF_PAGES = 'the subtitles among its pages, where there are any, as WebVTT in a file for each page, for players';
const WHY: Readonly<Record<string, string>> = {
  dvb_teletext: OF_PAGES,
  stpp: 'its texts, where there are any, as WebVTT in a file of their own, for players',
};
