import type { FilePacket } from '../../core/film/file-packets.ts';
import { hasClockOf90kHz } from '../../core/film/film-length.ts';
import { isMatroska, isMovie, type Probe } from '../../core/film/probe.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';
import { packetArguments, packetReader } from './packet-lines.ts';

type PacketsWanted = { readonly source: Source; readonly tellsPlaces: boolean; readonly signal: AbortSignal };

type OnPacket = (packet: FilePacket) => void;

type PacketsRead = {
  /** Whether the demuxer logged an error. */
  readonly hasErrors: boolean;
  /** The streams besides picture and sound of which ffmpeg reads only a beginning. */
  readonly stopped: readonly number[];
};

/**
 * Hands on the packets that were read before, or reads them now, those of a stream in their order. A sample that ffmpeg's demuxer of
 * MP4 refuses ends its reading of all tracks that are read, and not always with an error. Where there are fewer pictures than the tables
 * have, pictures, sounds and every other track are read by themselves: broken captions end neither picture nor sound.
 */
export async function eachPacket(
  ffprobe: string,
  { source: { path, probe, packets: known }, tellsPlaces, signal }: PacketsWanted,
  onPacket: OnPacket,
): Promise<PacketsRead> {
  const counts = new Map<number, number>();
  const counted = (packet: FilePacket) => {
    counts.set(packet.stream_index, (counts.get(packet.stream_index) ?? 0) + 1);
    onPacket(packet);
  };
  const places = tellsPlaces || needsPlaces(probe);
  const read = async (only: readonly string[], next: OnPacket): Promise<boolean> => {
    const ofLine = packetReader();
    const { stderrTail } = await runFfmpeg(
      ffprobe,
      [...packetArguments({ places }), ...only, ...inputArguments(path, probe)],
      {
        signal,
        blame: 'bad-input',
        doing: 'reading the packets',
        onStdoutLine: (line) => {
          const found = ofLine(line);
          if (found) next(found);
        },
      },
    );
    return stderrTail.length > 0;
  };
  const isKnown = known && (isMatroska(probe) || !tellsPlaces);
  for (const each of isKnown ? known.packets : []) counted(each);
  const hasErrors = isKnown ? known.hasErrors : await read([], counted);
  const others = probe.streams.filter(({ type }) => !SHOWN.has(type)).map(({ index }) => index);
  if (!isMovie(probe) || others.length === 0) return { hasErrors, stopped: [] };
  const isWhole = (index: number) => (counts.get(index) ?? 0) >= (probe.streams[index]?.samples ?? 0);
  const pictures = probe.streams.filter(({ type }) => type === 'video'); // tables count PCM by its samples
  if (pictures.every(({ index }) => isWhole(index))) return { hasErrors, stopped: [] };

  const before = sum(counts.values());
  const readRest = (streams: string) => {
    const again = new Map<number, number>();
    return read(['-select_streams', streams], (packet) => {
      const { stream_index } = packet;
      const number = (again.get(stream_index) ?? 0) + 1;
      again.set(stream_index, number);
      if (number > (counts.get(stream_index) ?? 0)) counted(packet);
    });
  };
  const shown = [await readRest('v'), await readRest('a')];
  if (sum(counts.values()) === before) return { hasErrors, stopped: [] }; // an edit list leaves packets out
  for (const index of others) await readRest(`${index}`);
  return { hasErrors: shown.includes(true), stopped: others.filter((index) => !isWhole(index)) };
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, each) => total + each, 0);

const SHOWN: ReadonlySet<string> = new Set(['video', 'audio']);

/** Whether the places of packets are needed: where lengths are read from the file, and where recordings may have been joined. */
const needsPlaces = (probe: Probe) => isMatroska(probe) || hasClockOf90kHz(probe);
