import { metaParts } from '../../core/description/meta-list.ts';
import { refuseManyNamedTags } from '../../core/film/limits.ts';
import type { ByteSource } from './byte-source.ts';
import { childrenOf, type Mp4Box } from './mp4-boxes.ts';

/** Throws `over-limit` for an MP4 with more tags in these boxes than ffmpeg reads in a reasonable time. */
export async function refuseTagFlood(source: ByteSource, described: readonly Mp4Box[]): Promise<void> {
  let tags = 0;
  for await (const list of lists(source, described)) {
    for await (const { type } of childrenOf(source, list)) {
      // there are few of iTunes' own items, and a reader keeps one of each
      if (type === '----' || type.startsWith('\0')) refuseManyNamedTags(++tags);
    }
  }
}

const HOLD_LISTS: ReadonlySet<string> = new Set(['moov', 'trak', 'udta']);

/** The lists of items among these boxes and in those inside them. */
async function* lists(source: ByteSource, boxes: Iterable<Mp4Box> | AsyncIterable<Mp4Box>): AsyncGenerator<Mp4Box> {
  for await (const box of boxes) {
    if (box.type === 'ilst') yield box;
    else if (HOLD_LISTS.has(box.type)) yield* lists(source, childrenOf(source, box));
    else if (box.type === 'meta') {
      const { head } = metaParts(await source.read(box.start, BYTES_OF_HEADS));
      yield* lists(source, childrenOf(source, box, head.length));
    }
  }
}

/** The header of the box, its version and flags, and the header of the first child. */
const BYTES_OF_HEADS = 32;
