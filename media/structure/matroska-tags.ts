import { childOf, newElement, textIn } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import { wholenessOf } from '../../core/description/matroska.ts';
import { type MetadataFate, TOO_LARGE } from '../../core/description/metadata.ts';
import { shownName } from '../../core/streams/set-aside.ts';
import type { ByteSource } from './byte-source.ts';
import { type EbmlElement, elementsOf } from './ebml-elements.ts';

/** What is larger than these is no description of a film. */
const LARGEST_TAG = 2 ** 20;
const MOST_BYTES = 16 * 2 ** 20;
const MOST_TAGS = 10_000;
const LONGEST_NAME = 1024;

type ReadTags = { readonly tags: Buffer[]; readonly left: MetadataFate[] };

/** Reads the groups of tags of a Matroska. A tag that is left out costs none of those that are in a group with it. */
export async function readTags(source: ByteSource, element: EbmlElement, found: ReadTags): Promise<void> {
  const against = limitsOfTags();
  for await (const child of elementsOf(source, element)) {
    const isDamaged = child.end > element.end;
    if (child.id !== MKV.Tag || isDamaged) {
      if (isDamaged) found.left.push(left(child.id === MKV.Tag ? 'tag' : 'tags', DAMAGED));
      continue;
    }
    const isAtOnce = against(child) === undefined;
    const tag = isAtOnce ? await bytesOf(source, child) : await tagByTag(source, child, { against, left: found.left });
    const wholeness = tag ? wholenessOf(tag) : undefined;
    if (tag && wholeness === 'whole') found.tags.push(tag);
    else if (wholeness && wholeness !== 'whole') found.left.push(left('tag', WHY_LEFT[wholeness]));
    if (found.left.length > MOST_TAGS) return void found.left.push(left('further tags', MANY));
  }
}

/** Returns a function that is asked for each element in turn, and says why one is not read. */
function limitsOfTags(): (element: EbmlElement) => string | undefined {
  let [bytes, count] = [0, 0];
  return ({ start, end }) => {
    const size = end - start;
    if (size > LARGEST_TAG) return TOO_LARGE;
    if (bytes + size > MOST_BYTES) return 'all of them together are larger than any real ones';
    if (count >= MOST_TAGS) return MANY;
    bytes += size;
    count += 1;
    return undefined;
  };
}

type Limits = { readonly against: ReturnType<typeof limitsOfTags>; readonly left: MetadataFate[] };

/** Reads a group that is too large to be read at once, without those of its tags that are; undefined where none is left. */
async function tagByTag(source: ByteSource, group: EbmlElement, limits: Limits): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let hasTags = false;
  for await (const child of elementsOf(source, group)) {
    // what a tag belongs to is small, and a tag that belongs to something else would be another
    const why = child.end > group.end ? DAMAGED : limits.against(child);
    if (why !== undefined && (child.id !== MKV.SimpleTag || child.end > group.end)) {
      limits.left.push(left('tag', why));
      return undefined;
    }
    if (why === undefined) parts.push(await bytesOf(source, child));
    else limits.left.push(left(await nameOf(source, child), why));
    if (limits.left.length > MOST_TAGS) break;
    hasTags ||= why === undefined && child.id === MKV.SimpleTag;
  }
  return hasTags ? newElement(MKV.Tag, ...parts) : undefined;
}

async function nameOf(source: ByteSource, simple: EbmlElement): Promise<string> {
  const fields: Buffer[] = [];
  for await (const field of elementsOf(source, simple)) {
    if (field.end > simple.end) break;
    if (field.id === MKV.TagName && field.end - field.start <= LONGEST_NAME) fields.push(await bytesOf(source, field));
  }
  return shownName(textIn(childOf(newElement(MKV.SimpleTag, ...fields), MKV.TagName)) || 'tag');
}

const MANY = `a file has at most ${MOST_TAGS} of them`;
const DAMAGED = 'it is damaged';
export const WHY_LEFT = { damaged: DAMAGED, 'too deep': 'it is nested deeper than any real one' } as const;

/** Returns the line about a tag that is left out, and why. */
export const left = (name: string, why: string): MetadataFate => ({ place: 'file', name, fate: 'dropped', why });

/** Reads a whole element, its header included. */
export const bytesOf = (source: ByteSource, { start, end }: EbmlElement): Promise<Buffer> =>
  source.read(start, end - start);
