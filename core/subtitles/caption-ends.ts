import { srtTime } from './srt.ts';

/** Bytes of CEA-608 as ffmpeg passes them on: a mark with the field, and two bytes with parity, for each pair. */
export type CaptionBytes = { readonly seconds: number; readonly data: Uint8Array };

const FIELD_ONE = 0xfc;
const WITHOUT_PARITY = 0x7f;
/** The first byte of commands of the first service (CEA-608 8.4), and those that take away or move what is shown: erase, show the loaded text, roll up. */
const COMMAND = 0x14;
const ENDING: ReadonlySet<number> = new Set([0x2c, 0x2f, 0x25, 0x26, 0x27, 0x2d]);
/** A command is sent twice, in two pictures that follow each other. */
const SAME_COMMAND_SECONDS = 0.15;

const TIMES = /^(\d+):(\d\d):(\d\d),(\d{3}) --> (\d+:\d\d:\d\d,\d{3})/gm;

/**
 * Returns captions as SubRip whose last one ends with the film where nothing in the pictures ends it: ffmpeg makes up an end for it, by
 * when the one before it came.
 */
export function endedWithFilm(srt: string, bytes: Iterable<CaptionBytes>, filmSeconds: number | undefined): string {
  const last = [...srt.matchAll(TIMES)].at(-1);
  if (!last || filmSeconds === undefined) return srt;
  const [line, hours, minutes, seconds, thousandths] = last;
  const begins = 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds) + Number(thousandths) / 1000;
  const latest = latestEnding(bytes);
  if (latest === undefined || latest > begins + SAME_COMMAND_SECONDS) return srt;
  const ended = line.replace(/\S+$/, srtTime(Math.max(begins, filmSeconds)));
  return srt.slice(0, last.index) + ended + srt.slice(last.index + line.length);
}

/** When the last command comes that ends what is shown; undefined where there is no byte at all. */
function latestEnding(bytes: Iterable<CaptionBytes>): number | undefined {
  let latest: number | undefined;
  for (const { seconds, data } of bytes) {
    latest ??= Number.NEGATIVE_INFINITY;
    for (let at = 0; at + 2 < data.length; at += 3) {
      const isFirst = data[at] === FIELD_ONE;
      const isCommand = ((data[at + 1] ?? 0) & WITHOUT_PARITY) === COMMAND;
      if (isFirst && isCommand && ENDING.has((data[at + 2] ?? 0) & WITHOUT_PARITY)) latest = Math.max(latest, seconds);
    }
  }
  return latest;
}
