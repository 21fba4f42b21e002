import { childElements, childOf, dataOf, ebmlElements, idOf, textIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { laterChapters } from './matroska-chapters.ts';
import { idIn, type ThingsOfSource } from './matroska-tags.ts';
import type { MetadataFate } from './metadata.ts';

/** A file that a Matroska or WebM file holds; `at` is the place of its whole element in the file. */
export type AttachedFile = {
  readonly name: string;
  readonly mediaType: string;
  readonly uid: string;
  readonly at: { readonly start: number; readonly end: number };
  /** The place of the file itself. */
  readonly data: { readonly start: number; readonly end: number };
  /** Whether it lies behind the first packets, where a list of positions is needed to find it. */
  readonly isBehind: boolean;
};

/** How a Matroska or WebM file describes its film, besides its picture and sound. */
export type MatroskaDescription = {
  /** The entries of the tracks that ffmpeg makes a stream of, in order, without their codec's private data. */
  readonly tracks: readonly Buffer[];
  /** The ids of the tracks that ffmpeg makes no stream of: their lines are among those of what was not read. */
  readonly unreadTracks?: readonly string[];
  /** The attachments that ffmpeg makes a stream of, in order; their streams follow those of the tracks. */
  readonly attachments: readonly AttachedFile[];
  readonly chapters: Buffer | undefined;
  readonly tags: readonly Buffer[];
  /** The elements of the Segment's information that name it or other Segments. */
  readonly info: readonly Buffer[];
  /** What was not read, and why. */
  readonly left: readonly MetadataFate[];
};

const MASTERS: ReadonlySet<number> = new Set([
  ...[MKV.Tag, MKV.Targets, MKV.SimpleTag, MKV.Chapters, MKV.EditionEntry, MKV.ChapterAtom],
  ...[MKV.TrackEntry, MKV.Video],
]);

/** Whether an element and all within it are whole, so that a copy of it can be read; damage counts before depth. */
export function wholenessOf(element: Buffer, depth = 0): 'whole' | 'damaged' | 'too deep' {
  const [whole, ...more] = ebmlElements(element);
  if (!whole || whole.end !== element.length || more.length > 0) return 'damaged';
  if (depth > DEEPEST) return 'too deep';
  if (!MASTERS.has(whole.id)) return 'whole';
  const children = ebmlElements(element, whole.body, whole.end);
  if ((children.at(-1)?.end ?? whole.body) !== whole.end) return 'damaged';
  const within = children.map(({ id, start, end }) =>
    MASTERS.has(id) ? wholenessOf(element.subarray(start, end), depth + 1) : 'whole',
  );
  return within.find((each) => each === 'damaged') ?? within.find((each) => each !== 'whole') ?? 'whole';
}

/** Real chapters and tags are three or four deep. */
const DEEPEST = 16;

/** The id of a track or attachment, as text that can be compared; "0" where it has none. */
export const uidOf = (entry: Buffer | undefined, id: number): string => {
  const uid = entry && childOf(entry, id);
  return (uid && dataOf(uid).toString('hex').replace(/^0+/, '')) || '0';
};

/** The ids of what tags can belong to. */
export function thingsOf({ tracks, unreadTracks = [], attachments, chapters }: MatroskaDescription): ThingsOfSource {
  const ids = chapters ? idsIn(chapters) : [];
  const of = (id: number) => new Set(ids.filter((field) => idOf(field) === id).map((field) => idIn(field)));
  return new Map([
    [
      MKV.TagTrackUID,
      new Set(tracks.length === 0 ? [] : [...tracks.map((entry) => uidOf(entry, MKV.TrackUID)), ...unreadTracks]),
    ],
    [MKV.TagAttachmentUID, new Set(attachments.map(({ uid }) => uid))],
    [MKV.TagEditionUID, of(MKV.EditionUID)],
    [MKV.TagChapterUID, of(MKV.ChapterUID)],
  ]);
}

/** The ids of editions and chapters, nested ones included. */
const idsIn = (element: Buffer): readonly Buffer[] =>
  childElements(element).flatMap((field) => (MASTERS.has(idOf(field)) ? idsIn(field) : [field]));

/** The languages that a file states as BCP 47, by the numbers of their streams; the older field is what ffprobe reads. */
export const languagesOf = ({ tracks }: MatroskaDescription): ReadonlyMap<number, string> =>
  new Map(
    tracks.flatMap((entry, i) => {
      const language = textIn(childOf(entry, MKV.LanguageBCP47));
      return language ? [[i, language] as const] : [];
    }),
  );

/** The ids by which one Segment names another hold for files that were made together. */
export function linkFates(found: MatroskaDescription): readonly MetadataFate[] {
  const own: readonly number[] = [MKV.Title, MKV.SegmentUUID, MKV.SegmentFilename];
  const isLinked = found.info.some((field) => !own.includes(idOf(field)));
  const name = textIn(found.info.find((field) => idOf(field) === MKV.SegmentFilename));
  const named: readonly MetadataFate[] =
    name === undefined ? [] : [{ place: 'file', name: 'SegmentFilename', fate: 'dropped', why: OLD_NAME }];
  if (!isLinked) return named;
  return [
    ...named,
    {
      place: 'file',
      name: 'linked Segments',
      fate: 'dropped',
      why: 'it names files that were made together with the source',
    },
  ];
}

const OLD_NAME = 'it is the name that the source had when it was written';

/** What a finished file must say: these tags, these chapters, and these fields of each of its tracks. */
export type WantedDescription = Pick<MatroskaDescription, 'tags' | 'chapters'> & {
  /** The title of the film in the Segment's information. */
  readonly title?: Buffer | undefined;
  /** Attached files; those that are no stream of the source, with their bytes. */
  readonly attachments?: readonly { readonly content?: Buffer | undefined }[];
  readonly tracks: readonly {
    readonly fields: readonly Buffer[];
    readonly video: readonly Buffer[];
    readonly depth?: readonly Buffer[] | undefined;
  }[];
};

/**
 * Returns what of a description is missing or differs in a finished file, by names for people. `lateSeconds` is how much later
 * than planned the picture begins in it: Matroska has no time before 0, so that the delay of an encoder moves the whole film, and
 * the chapters with it.
 */
export function matroskaDifferences(
  wanted: WantedDescription,
  found: MatroskaDescription | undefined,
  lateSeconds = 0,
): readonly string[] {
  const tags = new Set(found?.tags.map(asText));
  const missing = wanted.tags.filter((tag) => !tags.has(asText(tag))).map(nameOfTag);
  const chapters = wanted.chapters && !(found?.chapters && areChapters(found.chapters, wanted.chapters, lateSeconds));
  const tracks = wanted.tracks.flatMap(({ fields, video, depth }, i) => {
    const entry = found?.tracks[i];
    const there = new Set(entry ? fieldsOf(entry).map(asText) : []);
    const isDeep = entry !== undefined && fieldsOf(entry).some((field) => idOf(field) === MKV.BitDepth);
    const missing = [...fields, ...video, ...(depth ?? [])].filter((field) => !there.has(asText(field)));
    return [
      ...missing.map((field) => `element ${idOf(field).toString(16)} of track ${i}`),
      ...(depth?.length === 0 && isDeep ? [`no bit depth of track ${i}`] : []),
    ];
  });
  const hasTitle = !wanted.title || found?.info.some((field) => wanted.title?.equals(field));
  return [...missing, ...(chapters ? ['chapters'] : []), ...(hasTitle ? [] : ['title']), ...tracks];
}

/** The tick of our Matroska files, in seconds. A picture is rounded to it when it is planned and when it is written. */
const [TICK_SECONDS, ROUNDED_TICKS] = [0.001, 1.5];

/** Whether a file has these chapters, as much later as its picture is, which was rounded to a tick. */
function areChapters(found: Buffer, wanted: Buffer, lateSeconds: number): boolean {
  const late = lateSeconds / TICK_SECONDS;
  for (let ticks = Math.ceil(late - ROUNDED_TICKS); ticks <= late + ROUNDED_TICKS; ticks++)
    if (asText(found) === asText(ticks > 0 ? laterChapters(wanted, ticks * TICK_SECONDS * 1e9) : wanted)) return true;
  return false;
}

/** The fields of an entry, those of its picture and its sound included. */
const fieldsOf = (entry: Buffer): readonly Buffer[] =>
  childElements(entry).flatMap((field) =>
    idOf(field) === MKV.Video || idOf(field) === MKV.Audio ? childElements(field) : [field],
  );

const nameOfTag = (tag: Buffer): string => {
  const first = childOf(tag, MKV.SimpleTag);
  return `tag ${(first && textIn(childOf(first, MKV.TagName))) ?? ''}`.trim();
};

const asText = (element: Buffer): string => element.toString('base64');
