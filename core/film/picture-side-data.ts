import * as z from 'zod/mini';
import type { VideoFacts } from './probe.ts';
import { packingOfTag, packingOfType } from './two-eyes.ts';

/** One entry of ffprobe's side data of a stream or a picture. */
type SideEntry = {
  readonly side_data_type?: string | undefined;
  readonly displaymatrix?: string | undefined;
  readonly type?: unknown;
  readonly inverted?: unknown;
  readonly timecode?: unknown;
  readonly timecodes?: unknown;
};

const IDENTITY = [65536, 0, 0, 0, 65536, 0, 0, 0, 1073741824];

/**
 * The nine numbers of the matrix by which a picture is turned, undefined where it is not. The container's word holds; a message
 * in the first picture (H.264 and HEVC, display orientation) does where the container has none.
 */
export function turnOf(
  ofStream: readonly SideEntry[] = [],
  ofFirstFrame: readonly SideEntry[] = [],
): Pick<VideoFacts, 'displayMatrix' | 'turnedInPictures'> {
  const inContainer = matrixNamed(ofStream, 'Display Matrix');
  const inPicture = matrixNamed(ofFirstFrame, '3x3 displaymatrix');
  const displayMatrix = notIdentity(inContainer ?? inPicture);
  if (!inPicture) return { displayMatrix };
  const isSame = inPicture.join() === inContainer?.join();
  return { displayMatrix, turnedInPictures: isSame ? 'likewise' : inContainer ? 'otherwise' : 'alone' };
}

function matrixNamed(list: readonly SideEntry[], name: string): readonly number[] | undefined {
  const dump = list.find((data) => data.side_data_type === name)?.displaymatrix;
  const numbers = dump
    ?.split('\n')
    .flatMap((line) => [...line.replace(/^[0-9a-f]+:/i, '').matchAll(/-?\d+/g)].map(Number));
  return numbers?.length === 9 ? numbers : undefined;
}

const notIdentity = (matrix: readonly number[] | undefined) =>
  matrix?.every((value, i) => value === IDENTITY[i]) ? undefined : matrix;

/**
 * How two eyes lie in one picture: "side by side, right eye first"; nothing for a picture of one eye. What the container says
 * holds, as in players.
 */
export function packingOf(
  list: readonly SideEntry[],
  /** The stream's tags, by which ffprobe says what Matroska has, also where it has no side data for it, as for an anaglyph. */
  streamTags: Readonly<Record<string, string>> = {},
  /** The first frame's tags, by which ffprobe before 6.0 says what H.264 has. */
  frameTags: Readonly<Record<string, string>> = {},
): Pick<VideoFacts, 'packing'> {
  const tags = [streamTags.stereo_mode, frameTags.stereo_mode];
  const tagged = tags.map(packingOfTag).find((packing) => packing !== undefined);
  if (tagged !== undefined) return { packing: tagged };
  const entry = list.find((data) => data.side_data_type === 'Stereo 3D');
  if (!entry || tags.includes('mono')) return {};
  const told = entry.type;
  if (told === '2D') return {};
  return { packing: typeof told === 'string' ? packingOfType(told, entry.inverted === 1) : 'unknown' };
}

/**
 * The time code that stands in a picture: in a GOP header of MPEG-2, or in a message of H.264 or HEVC (SMPTE 12-1). Zero is
 * none: encoders count from there that were given no time.
 */
export function timecodeOf(list: readonly SideEntry[]): Pick<VideoFacts, 'timecode'> {
  const inGop = list.find((data) => data.side_data_type === 'GOP timecode')?.timecode;
  const inMessage = list.find((data) => data.side_data_type === 'SMPTE 12-1 timecode')?.timecodes;
  const told = inGop ?? messageTimecode.safeParse(inMessage).data?.[0]?.value;
  return typeof told === 'string' && /^\d\d:\d\d:\d\d[:;.]\d+$/.test(told) && /[1-9]/.test(told)
    ? { timecode: told }
    : {};
}

const messageTimecode = z.array(z.object({ value: z.string() }));
