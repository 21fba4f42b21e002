import { boxBytes, boxesOf } from '../bytes/boxes.ts';
import { childElements, childOf, idOf, textIn, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { shownType } from '../bytes/shown-type.ts';
import { displaySizeOf } from '../description/display-size.ts';
import { filmTags } from '../description/film-tags.ts';
import type { MatroskaDescription } from '../description/matroska.ts';
import { hiddenEdges } from '../description/matroska-tracks.ts';
import { itemNames, type MetadataBox, type MetadataFate, nameOf } from '../description/metadata.ts';
import { ARTWORK } from '../description/movie-tags.ts';
import { nameOfBox, nameOfItem, tagName } from '../description/tag-names.ts';
import { mainVideo, type Probe, type Stream } from '../film/probe.ts';

/** What was read from a finished file: everything by which it describes its film. */
export type FileSays = {
  readonly probe: Probe;
  readonly boxes: readonly MetadataBox[];
  readonly matroska: MatroskaDescription | undefined;
  readonly clap: Buffer | undefined;
  /** The mode of MP4's box for two eyes in one picture. */
  readonly stereo?: number | undefined;
  /** Whether Apple's boxes for a projection and for eyes were compared byte for byte. */
  readonly hasSpatial?: boolean;
  /** Whether something of single pictures was compared, which has a check of its own. */
  readonly hasNotes: boolean;
  /** Whether the headers of tracks were read, whose values are compared one by one. */
  readonly hasHeaders?: boolean;
};

/** Returns the names of the lines that say that something is in the rendition, and whose thing is not there. */
export function unprovenLines(lines: readonly MetadataFate[], file: FileSays): readonly string[] {
  const said = [...namesInBoxes(file.boxes), ...namesInMatroska(file.matroska)];
  const of = (scopes: readonly Scope[]) =>
    new Set(
      said.flatMap(({ name, scope }) =>
        scopes.includes(scope) ? [name.toLowerCase(), shownType(name).toLowerCase()] : [],
      ),
    );
  const [film, track, all] = [of(['film']), of(['track']), of(['film', 'track', 'other'])];
  // what is kept has its own place in the file, and what is converted becomes a tag of the film or of its track
  const namesFor = ({ fate, place }: MetadataFate) =>
    place.startsWith('track') ? track : fate === 'kept' ? all : film;
  return lines
    .filter((line) => line.fate !== 'dropped' && !isThere(line.name, namesFor(line), file))
    .map(({ name, place }) => `${name} of ${place}`);
}

/** What a name in a file belongs to: the whole film, a track, or a part of the film or its series. */
type Scope = 'film' | 'track' | 'other';
type SaidName = { readonly name: string; readonly scope: Scope };

function isThere(name: string, names: ReadonlySet<string>, file: FileSays): boolean {
  if (name === '') return true; // a tag without a name is compared byte for byte
  const [mark, prove] = Object.entries(MARKS).find(([key]) => name === key || name.startsWith(`${key} `)) ?? [];
  if (mark !== undefined && prove?.(file)) return true;
  // a box has another name in Matroska, and an item that has none there has its type in that of its tag
  const others = file.matroska
    ? [tagName(name), nameOfItem(name), nameOfBox(name), ...(name === '\u00a9day' ? ['DATE_RELEASED'] : [])]
    : [shownType(name.replace(/^ilst:/, ''))];
  return [name, ...others].some((each) => names.has(each.toLowerCase()));
}

const hasStreamTag = ({ probe }: FileSays, name: string): boolean =>
  probe.tags[name] !== undefined || probe.streams.some(({ tags }) => tags[name] !== undefined);

/** What is neither a box nor a tag by the name of its line. */
const MARKS: Readonly<Record<string, (file: FileSays) => boolean>> = {
  chapters: ({ probe, matroska }) => (matroska ? matroska.chapters !== undefined : probe.chapters > 0),
  timecode: (file) => hasStreamTag(file, 'timecode'),
  reel_name: (file) => hasStreamTag(file, 'reel_name'),
  clap: (file) => file.clap !== undefined || hidesEdges(file),
  PixelCrop: (file) => file.clap !== undefined || hidesEdges(file),
  'frame packing': ({ probe, stereo = 0 }) => stereo > 0 || mainVideo(probe)?.video.packing !== undefined,
  // in Matroska the projection and the eyes are compared by a check of their own
  vexu: ({ hasSpatial, matroska }) => hasSpatial === true || matroska !== undefined,
  hfov: ({ hasSpatial }) => hasSpatial === true,
  'display size': ({ matroska }) => matroska?.tracks.some((entry) => displaySizeOf(entry) !== undefined) ?? false,
  // the shape of the pixels, as which it is written, has a check of its own
  'display matrix': ({ probe }) => mainVideo(probe)?.video.scaledBy === undefined,
  // which language it is, is compared with the other fields of the track
  language: ({ matroska }) => matroska?.tracks.some((entry) => childOf(entry, MKV.Language) !== undefined) ?? false,
  covr: ({ matroska }) => (matroska?.attachments.length ?? 0) > 0,
  [ARTWORK]: ({ matroska, probe }) => (matroska ? matroska.attachments.length > 0 : probe.streams.some(isCover)),
  // a sound that is copied has its own packets, and the mark of Matroska is compared with the other fields
  emphasis: ({ probe }) => probe.streams.some(({ audio }) => audio?.emphasis !== undefined),
  volume: ({ hasHeaders }) => hasHeaders === true,
  reference: ({ hasHeaders }) => hasHeaders === true,
  balance: ({ hasHeaders }) => hasHeaders === true,
  layer: ({ hasHeaders }) => hasHeaders === true,
  'alternate group': ({ hasHeaders }) => hasHeaders === true,
  creation_time: ({ hasHeaders }) => hasHeaders === true,
  modification_time: ({ hasHeaders }) => hasHeaders === true,
  FlagEnabled: ({ hasHeaders }) => hasHeaders === true,
  'user data': ({ hasNotes }) => hasNotes,
  'two eyes in its pictures': ({ hasNotes }) => hasNotes,
  'active format description (AFD)': ({ hasNotes }) => hasNotes,
};

const isCover = ({ dispositions }: Stream): boolean => dispositions.includes('attached_pic');

const hidesEdges = ({ matroska }: FileSays): boolean =>
  matroska?.tracks.some((entry) => hiddenEdges(entry) !== undefined) ?? false;

/** The names of boxes, and of the items and keys in them. */
function namesInBoxes(boxes: readonly MetadataBox[]): readonly SaidName[] {
  return boxes.flatMap(({ place, type, bytes }) => {
    if (bytes === undefined) return [];
    const scope = typeof place === 'number' ? 'track' : 'film';
    const [udta] = type === 'udta' ? boxesOf(bytes, 0, bytes.length) : [];
    const parts = udta ? boxesOf(bytes, udta.body, udta.end).map((part) => boxBytes(bytes, part)) : [bytes];
    return parts.flatMap((part) => {
      const own = part.toString('latin1', 4, 8);
      return (own === 'meta' ? itemNames(part) : [nameOf(own, part)]).map((name): SaidName => ({ name, scope }));
    });
  });
}

/** The names of tags, those inside others and those of tracks included; a title also stands elsewhere. */
function namesInMatroska(found: MatroskaDescription | undefined): readonly SaidName[] {
  if (!found) return [];
  const has = (fields: readonly Buffer[], id: number) => fields.some((field) => idOf(field) === id);
  const title = { name: 'TITLE', scope: 'film' } as const;
  return [
    ...found.tags.flatMap((tag) => {
      const scope = scopeOf(tag); // once a tag: it reads all of the tag
      return namesInTag(tag).map((name): SaidName => ({ name, scope }));
    }),
    ...filmTags(found.tags).map(({ name }): SaidName => ({ name, scope: 'film' })),
    ...(has(found.info, MKV.Title) ? [title] : []),
    ...found.tracks.flatMap((entry) =>
      has(childElements(entry), MKV.Name) ? [{ ...title, scope: 'track' } as const] : [],
    ),
  ];
}

const LEVEL_OF_FILM = 50n;

function scopeOf(tag: Buffer): Scope {
  const targets = childOf(tag, MKV.Targets);
  if (targets && childOf(targets, MKV.TagTrackUID)) return 'track';
  const level = targets && uintIn(childOf(targets, MKV.TargetTypeValue));
  return level === undefined || level === LEVEL_OF_FILM ? 'film' : 'other';
}

const namesInTag = (tag: Buffer): readonly string[] =>
  childElements(tag).flatMap((field) => {
    if (idOf(field) === MKV.TagName) return [textIn(field) ?? ''];
    return idOf(field) === MKV.SimpleTag ? namesInTag(field) : [];
  });
