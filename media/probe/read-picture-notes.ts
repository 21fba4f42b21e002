import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { inSample, sampleUnits } from '../../core/bytes/nal-units.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { type DecodingOrder, orderByTimes } from '../../core/film/decoding-order.ts';
import type { FrameTimes } from '../../core/film/frame-index.ts';
import { NOTE_KINDS, type NoteKind, notesIn, type PictureNotes, packingHolds } from '../../core/film/picture-notes.ts';
import { namesEarlierRpu } from '../../core/film/rpu-header.ts';
import type { NotesFound, Source } from '../../core/ports/film-reader.ts';
import { readNutPackets } from '../nut/read-nut-packets.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';
import { decodedOrder, FROM_THE_FIRST, NUMBERED } from './decoded-order.ts';
import { inputArguments } from './input-arguments.ts';

type NoteTools = { readonly ffmpeg: string; readonly ffprobe: string };

type NotesTask = {
  readonly path: string;
  readonly stream: number;
  readonly codec: string;
  readonly index: FrameTimes;
  /** Whether two pictures were made of each picture, which both have its notes. */
  readonly isTwice?: true | undefined;
  /** The file that holds the notes until the book is closed. */
  readonly spool: string;
};

/** The notes of a film's pictures, on the disk, by the number of the picture in the order of showing. */
type NoteBook = {
  readonly pictures: number;
  readonly found: readonly NotesFound[];
  /** How many packets have more than one RPU of Dolby Vision. */
  readonly doubled: number;
  /** Which notes packets have that give no picture, as an RPU behind the last one. */
  readonly astray: readonly { readonly kind: NoteKind; readonly packets: number }[];
  /** How many have one that names an earlier one. */
  readonly borrowed: number;
  notesOf(picture: number): Promise<PictureNotes>;
  close(): Promise<void>;
};

const FILTERS: Readonly<Record<string, string>> = { hevc: 'hevc_mp4toannexb', h264: 'h264_mp4toannexb' };

/**
 * Reads the notes in every packet of a picture, without decoding where the packets have times. Memory grows by 40 bytes a picture.
 */
export async function readPictureNotes(tools: NoteTools, task: NotesTask, signal: AbortSignal): Promise<NoteBook> {
  const { path, stream, codec, index, isTwice, spool } = task;
  const file = await writeFailure(open(spool, 'w+'), spool);
  const close = async () => {
    await file.close();
    await rm(spool, { force: true });
  };
  try {
    const pipe = new PassThrough();
    const isTimed = index.from === 'packets';
    const filters = [FILTERS[codec], isTimed ? undefined : NUMBERED].filter(Boolean).join(',');
    const copied = ['-map', `0:${stream}`, '-c', 'copy', ...(isTimed ? [] : [FROM_THE_FIRST])];
    const output = [...copied, ...(filters ? ['-bsf:v', filters] : []), '-f', 'nut', 'pipe:1'];
    const ended = runFfmpeg(
      tools.ffmpeg,
      [...ffmpegPreamble(), '-fflags', '+genpts', ...inputArguments(path), ...output],
      {
        ...{ signal, stdout: pipe, blame: 'bad-input', doing: 'reading what belongs to single pictures' },
      },
    );
    const rows = rowsOf(file);
    let [doubled, borrowed] = [0, 0];
    const reading = (async () => {
      for await (const { pts, data } of readNutPackets(pipe)) {
        const notes = notesIn(data, codec);
        if (notes.dolbyVision.length > 1) doubled++;
        if (notes.dolbyVision[0] && namesEarlierRpu(notes.dolbyVision[0])) borrowed++;
        await writeFailure(rows.add(pts, onlyFirst(notes)), spool);
      }
      await writeFailure(rows.flush(), spool);
    })();
    const [read, ran] = await Promise.allSettled([reading, ended]);
    if (ran.status === 'rejected') throw ran.reason;
    if (read.status === 'rejected') throw read.reason;
    const shown = isTimed ? shownRows(rows.times(), index) : await decodedOrder(tools, { path, stream }, signal);
    const order = isTwice ? shown.flatMap((row) => [row, row]) : shown;
    const from = packingRows(order, rows.packings());
    const notesOf = async (picture: number) => {
      const row = order[picture] ?? -1;
      const own = await rows.read(row);
      const other = from[picture];
      return other === undefined || other === row
        ? own
        : { ...own, framePacking: (await rows.read(other)).framePacking };
    };
    const found = await summed(order.length, notesOf, signal);
    const astray = isTimed ? [] : rows.besides(order);
    return { pictures: order.length, doubled, borrowed, astray, found, notesOf, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads a film's notes for their counts and hashes alone. */
export async function notesFound(
  tools: NoteTools,
  { source, index, spool }: { readonly source: Source; readonly index: FrameTimes; readonly spool: string },
  signal: AbortSignal,
): Promise<readonly NotesFound[]> {
  const { path, probe, stream } = source;
  const codec = probe.streams[stream]?.codec ?? '';
  const book = await readPictureNotes(tools, { path, stream, codec, index, spool }, signal);
  await book.close();
  return book.found;
}

/** A picture has one RPU, and says once how two eyes lie in it; of several in its packet the first is taken. */
const onlyFirst = (notes: PictureNotes): PictureNotes => ({
  ...notes,
  dolbyVision: notes.dolbyVision.slice(0, 1),
  framePacking: notes.framePacking.slice(0, 1),
});

/** Returns the rows of the pictures that are shown, in the order of showing. */
const shownRows = (times: readonly number[], { pts, flags, count }: FrameTimes): DecodingOrder =>
  count === times.length ? orderByTimes(pts, flags) : orderByTimes(times, []);

/**
 * Returns for each picture the row whose message of two eyes holds for it. An encoder begins anew where the source did not, so that
 * every picture of the rendition says what only the first said in the source.
 */
function packingRows(
  order: readonly number[],
  packings: ReadonlyMap<number, ReturnType<typeof packingHolds>>,
): readonly (number | undefined)[] {
  if (packings.size === 0) return [];
  let onward: number | undefined;
  return order.map((row) => {
    const holds = packings.get(row);
    if (holds === undefined) return onward;
    if (holds !== 'here') onward = holds === 'onward' ? row : undefined;
    return row;
  });
}

const BUFFER_BYTES = 1 << 20;

/** Rows of a file, one for each packet: its notes, and how many bytes each kind has. */
function rowsOf(file: FileHandle) {
  const pts: number[] = [];
  const begins: number[] = [];
  const lengths: number[] = [];
  const packings = new Map<number, ReturnType<typeof packingHolds>>();
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let written = 0;
  const flush = async () => {
    const bytes = Buffer.concat(waiting);
    if (bytes.length > 0) await file.write(bytes, 0, bytes.length, written);
    written += bytes.length;
    [waiting, waitingBytes] = [[], 0];
  };
  return {
    flush,
    times: () => pts,
    packings: () => packings,
    async add(time: number, notes: PictureNotes) {
      const holds = packingHolds(notes);
      if (holds !== undefined) packings.set(pts.length, holds);
      pts.push(time);
      begins.push(written + waitingBytes);
      for (const kind of NOTE_KINDS) {
        const bytes = Buffer.concat(notes[kind].map(inSample));
        lengths.push(bytes.length);
        if (bytes.length > 0) waiting.push(bytes);
        waitingBytes += bytes.length;
      }
      if (waitingBytes > BUFFER_BYTES) await flush();
    },
    besides(order: DecodingOrder) {
      const shown = new Set(order);
      const others = pts.map((_, row) => row).filter((row) => !shown.has(row));
      const has = (row: number, kind: number) => (lengths[row * NOTE_KINDS.length + kind] ?? 0) > 0;
      const counts = NOTE_KINDS.map((kind, k) => ({ kind, packets: others.filter((row) => has(row, k)).length }));
      return counts.filter(({ packets }) => packets > 0);
    },
    async read(row: number): Promise<PictureNotes> {
      let at = begins[row] ?? 0;
      const part = async (kind: number): Promise<readonly Buffer[]> => {
        const length = lengths[row * NOTE_KINDS.length + kind] ?? 0;
        if (length === 0) return [];
        const bytes = Buffer.alloc(length);
        await file.read(bytes, 0, length, at);
        at += length;
        return [...sampleUnits(bytes)].map((unit) => unit.subarray(4));
      };
      const [dolbyVision, hdr10plus, captions] = [await part(0), await part(1), await part(2)];
      const [userData, framePacking, activeFormat] = [await part(3), await part(4), await part(5)];
      return { dolbyVision, hdr10plus, captions, userData, framePacking, activeFormat };
    },
  };
}

async function summed(
  pictures: number,
  notesOf: (picture: number) => Promise<PictureNotes>,
  signal: AbortSignal,
): Promise<readonly NotesFound[]> {
  const sums = NOTE_KINDS.map((kind: NoteKind) => ({ kind, hash: createHash('sha256'), pictures: 0 }));
  for (let picture = 0; picture < pictures; picture++) {
    signal.throwIfAborted();
    const notes = await notesOf(picture);
    for (const sum of sums) {
      for (const unit of notes[sum.kind]) sum.hash.update(`${picture} ${unit.length} `).update(unit);
      if (notes[sum.kind].length > 0) sum.pictures++;
    }
  }
  return sums.map(({ kind, hash, pictures: count }) => ({ kind, pictures: count, sha256: hash.digest('hex') }));
}
