import { metaParts } from '../../core/description/meta-list.ts';
import { SHOT_KEYS } from '../../core/description/shot-tags.ts';
import { refuseManyNamedTags } from '../../core/film/limits.ts';
import type { ByteSource } from './byte-source.ts';
import { childrenOf, type Mp4Box } from './mp4-boxes.ts';

/** Throws `over-limit` for an MP4 with more tags in these boxes than ffmpeg reads in a reasonable time. */
export async function refuseTagFlood(source: ByteSource, described: readonly Mp4Box[]): Promise<void> {
  let tags = 0;
  for await (const counted of namedTags(source, described)) {
    tags += counted;
    refuseManyNamedTags(tags);
  }
}

const HOLD_LISTS: ReadonlySet<string> = new Set(['moov', 'trak', 'udta']);

/** Yields 1 for each tag under a name of its own in these boxes: there are few of iTunes' own items, and a reader keeps one of each. */
async function* namedTags(source: ByteSource, boxes: Iterable<Mp4Box> | AsyncIterable<Mp4Box>): AsyncGenerator<number> {
  for await (const box of boxes) {
    if (HOLD_LISTS.has(box.type)) yield* namedTags(source, childrenOf(source, box));
    else if (box.type === 'ilst') {
      for await (const { type } of childrenOf(source, box)) if (type === '----') yield 1;
    } else if (box.type === 'keys') {
      // a result may have those that its pictures tell besides the keys of its source
      for await (const key of childrenOf(source, box, BYTES_BEFORE_KEYS))
        if (!SHOT_KEYS.has(await nameOfKey(source, key))) yield 1;
    } else if (box.type === 'meta') {
      const { head } = metaParts(await source.read(box.start, BYTES_OF_HEADS));
      yield* namedTags(source, childrenOf(source, box, head.length));
    }
  }
}

const nameOfKey = async (source: ByteSource, { start, headerBytes, size }: Mp4Box): Promise<string> =>
  (await source.read(start + headerBytes, Math.min(size - headerBytes, LONGEST_NAME))).toString('utf8');

const LONGEST_NAME = 64;
/** Version, flags and the number of keys. */
const BYTES_BEFORE_KEYS = 8;
/** The header of the box, its version and flags, and the header of the first child. */
const BYTES_OF_HEADS = 32;
