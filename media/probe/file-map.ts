import { createHash } from 'node:crypto';
import type { ByteRange } from '../../core/bytes/byte-ranges.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import type { FileMap } from '../../core/film/file-map.ts';
import { FFPROBE_ARGUMENTS } from '../../core/film/parse-ffprobe.ts';
import { isMatroska, isMovie } from '../../core/film/probe.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { type ByteSource, withByteSource } from '../structure/byte-source.ts';
import { elementAt } from '../structure/ebml-elements.ts';
import { boxAt } from '../structure/mp4-boxes.ts';
import { inputArguments } from './input-arguments.ts';
import { stretchMap } from './stretch-map.ts';

type Places = Pick<FileMap, 'reading' | 'index' | 'junk' | 'clusters'>;

/**
 * Returns what of a film's file ffmpeg reads besides the picture's packets: of MP4, QuickTime, Matroska and WebM. Of any other
 * file, perhaps a stretch can be read, behind its header; whoever makes a map of it tries that. Returns undefined where the structure
 * does not lead to the end of the file.
 */
export async function fileMap(ffprobe: string, source: Source, signal: AbortSignal): Promise<FileMap | undefined> {
  const { path, probe } = source;
  if (!isMovie(probe) && !isMatroska(probe)) return stretchMap(source, signal);
  const places = await withByteSource(path, signal, isMovie(probe) ? boxPlaces : elementPlaces);
  if (!places) return undefined;
  const openingPackets = await packetsAtOpening(ffprobe, path, signal);
  if (openingPackets === undefined) return undefined;
  const description = await descriptionOf(ffprobe, source, signal);
  return { ...places, openingPackets, description };
}

/**
 * Returns the hash of what ffprobe says of a file, without the file's name, and without bit rates: those of fragments are other
 * ones where no index is read.
 */
export async function descriptionOf(ffprobe: string, { path }: Source, signal: AbortSignal): Promise<string> {
  const run = { signal, blame: 'bad-input', doing: 'probing the file' } as const;
  const { stdout } = await runFfmpeg(ffprobe, [...FFPROBE_ARGUMENTS, ...inputArguments(path)], run);
  return createHash('sha256')
    .update(stdout.replace(/^\s*"(filename|bit_rate)": .*$/gm, ''))
    .digest('hex');
}

/** Returns how many packets ffmpeg reads to learn what the streams are, which it says in its log. */
async function packetsAtOpening(ffprobe: string, path: string, signal: AbortSignal): Promise<number | undefined> {
  let packets: number | undefined;
  await runFfmpeg(ffprobe, ['-v', 'debug', ...inputArguments(path)], {
    signal,
    blame: 'bad-input',
    doing: 'probing the file',
    onStderrLine: (line) => {
      const [, count] = /After avformat_find_stream_info\(\).* frames:(\d+)/.exec(line) ?? [];
      if (count !== undefined) packets = Number(count);
    },
  });
  return packets;
}

/** ffmpeg looks into the last bytes of a file for an index of its fragments. */
const TAIL_BYTES = 64;
/** A box of media is skipped by its header, which has at most this many bytes. */
const HEADER_BYTES = 32;
/** The name of a box stands behind its size. */
const SIZE_BYTES = 4;
const MEDIA: ReadonlySet<string> = new Set(['mdat', 'free', 'skip', 'wide', 'idat']);

async function boxPlaces(source: ByteSource): Promise<Places | undefined> {
  const index: ByteRange[] = [{ start: source.size - TAIL_BYTES, end: source.size }];
  const names: ByteRange[] = [];
  let firstFragment: number | undefined;
  let at = 0;
  while (at < source.size) {
    const box = await boxAt(source, at, source.size);
    if (!box || box.end > source.size) return undefined;
    if (box.type === 'sidx') names.push({ start: at + SIZE_BYTES, end: at + SIZE_BYTES + box.type.length });
    else if (box.type === 'moof') firstFragment ??= at;
    index.push({ start: at, end: MEDIA.has(box.type) ? Math.min(box.end, at + HEADER_BYTES) : box.end });
    at = box.end;
  }
  const isOfAll = names.every(({ start }) => start < (firstFragment ?? 0));
  return { reading: 'packets', index, junk: isOfAll ? names : [], clusters: new Float64Array() };
}

/** A file with clusters of unknown size is read whole. Of one without Cues ffmpeg reads all clusters before the wanted one. */
async function elementPlaces(source: ByteSource): Promise<Places | undefined> {
  const index: ByteRange[] = [];
  const clusters: number[] = [];
  let at = 0;
  let hasCues = false;
  while (at < source.size) {
    const element = await elementAt(source, at, source.size);
    if (!element || element.end > source.size) return undefined;
    if (element.open && element.id !== MKV.Segment) return undefined;
    const { id, start, dataStart, end } = element;
    if (id === MKV.Cues) hasCues = true;
    if (id === MKV.Cluster) clusters.push(start);
    else index.push({ start, end: id === MKV.Segment ? dataStart : end });
    at = id === MKV.Segment ? dataStart : end;
  }
  return { reading: hasCues ? 'clusters' : 'steppedClusters', index, clusters: Float64Array.from(clusters) };
}
