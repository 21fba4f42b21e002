import { boxesOf, newBox } from '../bytes/boxes.ts';
import type { Stream } from '../film/probe.ts';
import type { MetadataBox } from './metadata.ts';

/** A mark of a stream, by ffmpeg's name, for streams of one type or of any, and the words by which QuickTime says it. */
type Mark = { readonly mark: string; readonly type?: Stream['type']; readonly words: readonly [string, ...string[]] };

/** Words of Apple's media characteristics (AVMediaCharacteristic), of which the first tells the mark. Words for other marks are not known. */
const MARKS: readonly Mark[] = [
  { mark: 'comment', words: ['public.auxiliary-content'] },
  { mark: 'original', words: ['public.original-content'] },
  { mark: 'dub', type: 'audio', words: ['public.translation.dubbed'] },
  { mark: 'visual_impaired', type: 'audio', words: ['public.accessibility.describes-video'] },
  { mark: 'descriptions', words: ['public.accessibility.describes-video'] },
  ...['hearing_impaired', 'captions'].map(
    (mark): Mark => ({
      mark,
      type: 'subtitle',
      words: ['public.accessibility.transcribes-spoken-dialog', 'public.accessibility.describes-music-and-sound'],
    }),
  ),
];

type Marked = Pick<Stream, 'type' | 'dispositions'>;

const isFor = ({ type }: Mark, stream: Pick<Stream, 'type'>) => type === undefined || type === stream.type;

/** Whether QuickTime has a word for a mark of a stream. */
export const hasCharacteristic = (mark: string, stream: Pick<Stream, 'type'>): boolean =>
  MARKS.some((each) => each.mark === mark && isFor(each, stream));

/** Returns a stream with the marks that words of QuickTime give it, beside its own. */
export function withCharacteristics<S extends Marked>(stream: S, words: readonly string[]): S {
  const told = MARKS.filter((each) => isFor(each, stream) && words.includes(each.words[0]));
  const marks = told.flatMap(({ mark, words: [word] }, i) =>
    told.findIndex((each) => each.words[0] === word) === i && !stream.dispositions.includes(mark) ? [mark] : [],
  );
  return marks.length === 0 ? stream : { ...stream, dispositions: [...stream.dispositions, ...marks] };
}

const TYPE = 'tagc';

const HEADER_BYTES = 8;

/** The words in the user data of a track, each in a box of its own. The box may be cut off. */
export function characteristicsIn(udta: Buffer): readonly string[] {
  const boxes = boxesOf(udta, HEADER_BYTES, udta.length).filter(({ type }) => type === TYPE);
  return boxes.map(({ body, end }) => udta.toString('utf8', body, end).replace(/\0+$/, ''));
}

/**
 * Returns the boxes that say the marks of tracks, by the numbers of the tracks, without words that boxes of the source say. `marks` are those that
 * the container has no other place for.
 */
export function characteristicBoxes(
  tracks: ReadonlyMap<number, Marked>,
  there: readonly MetadataBox[],
  isWritten: (mark: string) => boolean,
): readonly MetadataBox[] {
  return [...tracks].flatMap(([place, stream]): readonly MetadataBox[] => {
    const own = there.flatMap((box) =>
      box.place === place && box.type === 'udta' && box.bytes ? characteristicsIn(box.bytes) : [],
    );
    const told = MARKS.filter((each) => isFor(each, stream) && isWritten(each.mark));
    const said = told.filter(({ mark }) => stream.dispositions.includes(mark)).flatMap(({ words }) => words);
    const words = [...new Set(said)].filter((word) => !own.includes(word));
    if (words.length === 0) return [];
    return [{ place, type: 'udta', bytes: newBox('udta', ...words.map((word) => newBox(TYPE, Buffer.from(word)))) }];
  });
}
