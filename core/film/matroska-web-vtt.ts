import { childElements, childOf, dataOf, ebmlElements, idOf, textElement, textIn, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import type { Stream } from './probe.ts';
import { webVttTime } from './web-vtt-time.ts';

/** The codec of WebVTT as Matroska has it (RFC 9559's codec registry). ffmpeg knows the older one of WebM alone. */
const CODEC = 'S_TEXT/WEBVTT';

/** Whether an entry is a track of WebVTT whose cues are blocks, with their settings beside them. */
export const hasWebVttBlocks = (entry: Buffer): boolean => textIn(childOf(entry, MKV.CodecID)) === CODEC;

/** The field by which a track that was copied as SubRip is what it was. */
export const webVttFields = ({ webVttBlocks }: Pick<Stream, 'webVttBlocks'>): readonly Buffer[] =>
  webVttBlocks ? [textElement(MKV.CodecID, CODEC)] : [];

const NANOSECONDS_A_TICK = 1_000_000n;

/**
 * Returns the WebVTT file that was laid into the only track of a Matroska file: its header is the track's private data, and the settings,
 * the name and the comments of a cue are the block's addition (Matroska's codec mappings, S_TEXT/WEBVTT). `isPlain` leaves out the header and the
 * comments: ffmpeg reads no further than a header with styles.
 */
export function webVttOf(file: Buffer, isPlain = false): string {
  const segment = ebmlElements(file).find(({ id }) => id === MKV.Segment);
  const parts = segment ? ebmlElements(file, segment.body, segment.end) : [];
  const all = parts.map(({ start, end }) => file.subarray(start, end));
  const [info, tracks] = [MKV.Info, MKV.Tracks].map((id) => all.find((part) => idOf(part) === id));
  const scale = (info && uintIn(childOf(info, MKV.TimestampScale))) ?? NANOSECONDS_A_TICK;
  const entry = tracks && childOf(tracks, MKV.TrackEntry);
  const header = isPlain ? '' : ((entry && textIn(childOf(entry, MKV.CodecPrivate))) ?? '').trim();
  const cues = all
    .filter((part) => idOf(part) === MKV.Cluster)
    .flatMap((cluster) => cuesIn(cluster, Number(scale) / 1e9, isPlain));
  return `${[header.startsWith('WEBVTT') ? header : 'WEBVTT', ...cues].join('\n\n')}\n`;
}

function cuesIn(cluster: Buffer, tickSeconds: number, isPlain: boolean): readonly string[] {
  const children = childElements(cluster);
  const base = Number(uintIn(children.find((child) => idOf(child) === MKV.ClusterTimestamp)) ?? 0n);
  return children.flatMap((group) => {
    const block = idOf(group) === MKV.BlockGroup ? childOf(group, MKV.Block) : undefined;
    const data = block && dataOf(block);
    if (!data || data.length < HEADER_BYTES) return [];
    const from = base + data.readInt16BE(1);
    const to = from + Number(uintIn(childOf(group, MKV.BlockDuration)) ?? 0n);
    const [settings = '', name = '', ...comments] = additionOf(group).split('\n');
    const times = `${webVttTime(from * tickSeconds)} --> ${webVttTime(to * tickSeconds)}${settings === '' ? '' : ` ${settings}`}`;
    const note = comments.join('\n').trim();
    const words = withTimesOfFile(data.toString('utf8', HEADER_BYTES), from * tickSeconds);
    return [
      ...(note === '' || isPlain ? [] : [note]),
      [...(name === '' ? [] : [name]), times, words].join('\n').trimEnd(),
    ];
  });
}

/** Times within the words of a cue, as of karaoke, count from the block in Matroska, and from the beginning of the file in WebVTT. */
const withTimesOfFile = (words: string, from: number): string =>
  words.replace(/<(?:(\d{2,}):)?(\d\d):(\d\d\.\d{3})>/g, (_, hours = '0', minutes: string, seconds: string) => {
    return `<${webVttTime(from + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))}>`;
  });

/** The number of the only track, the time of the block and its flags. */
const HEADER_BYTES = 4;

function additionOf(group: Buffer): string {
  const additions = childOf(group, MKV.BlockAdditions);
  const more = additions && childOf(additions, MKV.BlockMore);
  const addition = more && childOf(more, MKV.BlockAdditional);
  return addition ? dataOf(addition).toString('utf8') : '';
}
