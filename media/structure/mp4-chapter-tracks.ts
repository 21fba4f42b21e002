import { newBox } from '../../core/film/boxes.ts';
import { trackNumber } from '../../core/film/carried-track.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';
import { boxesIn, childrenOf, findBox, type Mp4Box } from './mp4-boxes.ts';

/** A track's header and its references are smaller than this. */
const LARGEST_BOX = 4096;
const HEADER_BYTES = 8;

/**
 * Returns the places of the tracks of an MP4 or MOV whose texts are the film's chapters: another track refers to them (`chap`,
 * QuickTime File Format, "Chapter Lists"). ffprobe reads the chapters and gives no packet of such a track. None of any other file.
 */
export async function chapterTracksOf(
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  if (!probe.format.startsWith('mov') || probe.chapters === 0) return new Set();
  return withByteSource(path, signal, async (source) => {
    const [numbers, named]: [number[], Set<number>] = [[], new Set()];
    for await (const moov of boxesIn(source, 0, source.size)) {
      if (moov.type !== 'moov') continue;
      for await (const track of childrenOf(source, moov)) {
        if (track.type !== 'trak') continue;
        numbers.push(trackNumber(newBox('trak', await bytesOf(source, await findBox(source, track, 'tkhd')))));
        const chap = await bytesOf(source, await findBox(source, track, 'tref', 'chap'));
        for (let at = HEADER_BYTES; at + 4 <= chap.length; at += 4) named.add(chap.readUInt32BE(at));
      }
    }
    return new Set([...numbers.keys()].filter((place) => named.has(numbers[place] ?? 0)));
  });
}

const bytesOf = async (source: ByteSource, box: Mp4Box | undefined): Promise<Buffer> =>
  box ? source.read(box.start, Math.min(box.size, LARGEST_BOX)) : Buffer.alloc(0);
