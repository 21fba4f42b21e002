import { newElement, textElement, uintElement } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { webVttTime } from '../film/web-vtt-time.ts';
import type { Cue } from '../streams/cue.ts';

const SUBTITLES = 17;
const TRACK = 1;
const HEADER = Buffer.from([0x80 + TRACK, 0, 0, 0]);

/**
 * Returns a Matroska file of one track with these cues of WebVTT as Matroska has them (its codec mappings, S_TEXT/WEBVTT): the head of the file is the
 * track's private data, and the settings, the name and the comments of a cue lie beside its block. It says that it is SubRip, which ffmpeg copies.
 */
export function matroskaOfWebVtt(head: string, cues: readonly Cue[]): Buffer {
  const entry = newElement(
    MKV.TrackEntry,
    uintElement(MKV.TrackNumber, TRACK),
    uintElement(MKV.TrackUID, TRACK),
    uintElement(MKV.TrackType, SUBTITLES),
    uintElement(MKV.MaxBlockAdditionID, 1),
    textElement(MKV.CodecID, 'S_TEXT/UTF8'),
    textElement(MKV.CodecPrivate, head),
  );
  const clusters = cues.map((cue) => {
    const [from, to] = [cue.startSeconds, cue.endSeconds].map((seconds) => Math.round(seconds * 1000));
    const words = Buffer.from(withTimesOfBlock(cue.text, cue.startSeconds), 'utf8');
    const block = newElement(MKV.Block, HEADER, words);
    const group = [block, uintElement(MKV.BlockDuration, (to ?? 0) - (from ?? 0)), ...additionsOf(cue)];
    return newElement(MKV.Cluster, uintElement(MKV.ClusterTimestamp, from ?? 0), newElement(MKV.BlockGroup, ...group));
  });
  const kind = newElement(MKV.EBML, textElement(MKV.DocType, 'matroska'));
  const info = newElement(MKV.Info, uintElement(MKV.TimestampScale, NANOSECONDS_A_TICK));
  return Buffer.concat([kind, newElement(MKV.Segment, info, newElement(MKV.Tracks, entry), ...clusters)]);
}

const NANOSECONDS_A_TICK = 1_000_000;

function additionsOf({ settings = '', name = '', comments = '' }: Cue): readonly Buffer[] {
  if (settings + name + comments === '') return [];
  const addition = textElement(MKV.BlockAdditional, [settings, name, comments].join('\n').trimEnd());
  return [newElement(MKV.BlockAdditions, newElement(MKV.BlockMore, addition))];
}

/** Times within the words of a cue count from its block in Matroska. */
const withTimesOfBlock = (words: string, from: number): string =>
  words.replace(/<(?:(\d{2,}):)?(\d\d):(\d\d\.\d{3})>/g, (_, hours = '0', minutes: string, seconds: string) => {
    return `<${webVttTime(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) - from)}>`;
  });
