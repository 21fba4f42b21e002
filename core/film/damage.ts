import { clock } from '../format.ts';
import { logWords } from '../log-words.ts';
import { isComplaint, isMark, REPEATED } from './complaints.ts';
import { shownPicture } from './showinfo-line.ts';

/** A stretch of frames of which decoders complained: when it begins, and how many frames they are. */
type DamagedPlace = { readonly seconds: number; readonly frames: number };

/** Reads ffmpeg's log line by line, and remembers the damaged frames. */
type DamageScan = {
  /** Takes a line of ffmpeg's log, written at "level+info" with the filter `showinfo` and one thread. */
  line(text: string): void;
  /** The numbers of the frames of which decoders complained, ascending, counted from the first that was decoded. */
  frames(): readonly number[];
};

/** A decoder complains of a picture before it shows this many others at most: the pictures that H.264 and HEVC may keep back. */
export const DECODER_DELAY = 16;

/**
 * Finds out from ffmpeg's log which frames are damaged. A decoder complains of a packet before the filter shows the frame that
 * it became, or a few frames before, where frames are shown in another order than they are decoded. A frame that is marked is that of the
 * first complaint that has none yet. Lines for which `isOfOthers` holds are no damage of a frame: ffmpeg also looks at covers, subtitles
 * and sounds when it opens the file.
 */
export function damageScan(isOfOthers: (line: string) => boolean = () => false): DamageScan {
  const found = new Set<number>();
  const unmarked: number[] = []; // of complaints whose frame may be shown yet
  const tellsOfDamage = damageInLog();
  let [next, first] = [0, 0];
  return {
    line(text) {
      const shown = shownPicture(text);
      if (shown?.kind === 'picture') {
        if (shown.n === 0) first = next; // a filter that is made anew counts from 0
        next = first + shown.n + 1;
      } else if (tellsOfDamage(text) && !isOfOthers(text)) {
        while ((unmarked[0] ?? next) < next - DECODER_DELAY) found.add(unmarked.shift() ?? next);
        if (isMark(text)) {
          found.add(next);
          unmarked.shift();
        } else if (unmarked.at(-1) !== next) unmarked.push(next);
      }
    },
    frames: () => [...new Set([...found, ...unmarked])].sort((one, other) => one - other),
  };
}

/** Returns a function that takes the lines of ffmpeg's log in order, written with their levels, and says whether one tells of damage. */
function damageInLog(): (line: string) => boolean {
  let isBehindHeader = false;
  return (line) => {
    const isOfHeader = isBehindHeader && FAILED.test(line);
    isBehindHeader = HEADER.test(line);
    return isComplaint(line) && !isOfHeader && !NO_DAMAGE.test(line);
  };
}

/** What a decoder says of a header of Theora among the pictures, and what ffmpeg says right behind it. Other decoders log the second line for real damage. */
const HEADER = /Header packet passed to frame decoder/;
const FAILED = /Error [a-z ]*decod[^:]*(#\d+:\d+)?: Operation not permitted/;

/**
 * What ffmpeg advises for a stream that it knows too little of, and what it says of a chapter whose end lies before its start, of the headers with which a further recording in Theora begins, and,
 * by its parser, of a picture whose description in MP4 is a later one. Nothing of picture or sound is damaged there.
 */
const NO_DAMAGE = new RegExp(
  [
    'Chapter end time -?\\d+ before start -?\\d+',
    HEADER.source,
    "Consider increasing the value for the 'analyzeduration'",
    '\\[NULL @ \\w+\\] (\\[\\w+\\] )?reference count \\d+ overflow',
  ].join('|'),
);

/** Damage that is less apart than this is one place for people. */
const NEAR_SECONDS = 2;
const MOST_PLACES = 5;

/** Returns the places of damaged frames, given the time of each in order. */
export function damagedPlaces(times: readonly number[]): readonly DamagedPlace[] {
  const places: DamagedPlace[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const seconds of times) {
    const before = places.at(-1);
    if (before && seconds - last <= NEAR_SECONDS) places[places.length - 1] = { ...before, frames: before.frames + 1 };
    else places.push({ seconds, frames: 1 });
    last = seconds;
  }
  return places;
}

/** Returns the sentence that tells people where a picture is damaged; the first places are named. */
export function damageSentence(places: readonly DamagedPlace[]): string {
  const named = places.slice(0, MOST_PLACES).map(({ seconds, frames }, i) => {
    const noun = i > 0 ? '' : frames === 1 ? ' frame' : ' frames';
    return `${frames}${noun} near ${clock(Math.floor(seconds))}`;
  });
  const others = places.slice(MOST_PLACES).reduce((sum, { frames }) => sum + frames, 0);
  const all = others > 0 ? [...named, `${others} elsewhere`] : named;
  return `${listed(all)} of the source could not be decoded without errors`;
}

const listed = (parts: readonly string[]) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/**
 * The messages of our own muxers and encoders, which say nothing of the source: the muxers that write renditions, NUT between our own
 * processes (the demuxers that read sources have longer names), and an encoder that writes to stderr by itself.
 */
const OF_OURS = /^(\[(mp4|mov|matroska|webm|nut) @|Svt\[)/;

/**
 * Whether all that was said of a source is said of other frames as well, as often and by the same words. Addresses and numbers are
 * passed over, since they differ between two decodes.
 */
export function isSaidOf(said: readonly string[], others: readonly string[]): boolean {
  const heard = timesSaid(others);
  return [...timesSaid(said)].every(([words, times]) => times <= (heard.get(words) ?? 0));
}

/** How often each of the messages was written; ffmpeg writes a message that is repeated at once by its number. */
function timesSaid(said: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let last = '';
  for (const line of said) {
    const again = REPEATED.exec(line)?.[1];
    if (again === undefined) last = line.replace(/0x[0-9a-f]+|\d+/gi, '#');
    counts.set(last, (counts.get(last) ?? 0) + Number(again ?? 1));
  }
  return counts;
}

/** How ffmpeg names a stream by a number, which is another one in each command that reads it. */
const NUMBER_OF_STREAM = / stream #\d+:\d+|\[[vas]ist#\d+:\d+[^\]]*\] /;

/** Returns the first that a decoder said of a sound, or else what ffmpeg says of it; by the same words whichever command decoded it. */
export function soundWords(said: readonly string[]): string | undefined {
  const byDecoders = said.filter((line) => /^\[/.test(line) && !NUMBER_OF_STREAM.test(line));
  return decoderWords(byDecoders) ?? decoderWords(said.map((line) => line.replace(NUMBER_OF_STREAM, '')));
}

/** Returns the first that a decoder or demuxer said of a source, as "h264: error while decoding MB 17 6", without its address in memory. */
export function decoderWords(said: readonly string[]): string | undefined {
  const first = said.find((line) => ![REPEATED, OF_OURS, NO_DAMAGE].some((other) => other.test(line)));
  return first === undefined ? undefined : logWords(first);
}
