import { stat } from 'node:fs/promises';
import { ServiceError } from '../../core/errors.ts';
import type { FilePacket, FilePackets } from '../../core/film/file-packets.ts';
import { FFPROBE_QUESTIONS } from '../../core/film/parse-ffprobe.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import type { Family } from '../structure/families.ts';
import { inputArguments } from './input-arguments.ts';
import { packetArguments, packetReader } from './packet-lines.ts';

/** To read a larger file takes longer than to start ffprobe again, and what is refused need not be read. */
const SMALL_BYTES = 16 << 20;
/** The packets are kept in memory until they are asked for. */
const MOST_PACKETS = 20_000;

/** The families whose facts stand in the file's header, so that ffprobe tells the same before and after it reads the packets. */
const HEADER_FIRST: ReadonlySet<Family> = new Set(['mp4', 'matroska']);

type FactsAndPackets = { readonly file: unknown; readonly packets: FilePackets };

/**
 * Reads the facts of a small file and all of its packets by one ffprobe. Returns undefined for any other file, and for one that
 * ffprobe refuses: the facts are then asked for alone.
 */
export async function factsWithPackets(
  ffprobe: string,
  { path, family }: { readonly path: string; readonly family: Family },
  signal: AbortSignal,
): Promise<FactsAndPackets | undefined> {
  if (!HEADER_FIRST.has(family) || (await stat(path)).size > SMALL_BYTES) return undefined;
  const next = packetReader();
  const packets: FilePacket[] = [];
  const facts: string[] = [];
  let isAmongPackets = false;
  const onStdoutLine = (line: string) => {
    if (line === '    "packets": [') isAmongPackets = true;
    else if (isAmongPackets && /^ {4}\],?$/.test(line)) isAmongPackets = false;
    else if (!isAmongPackets) facts.push(line);
    else {
      const found = next(line);
      if (found) packets.push(found);
      if (packets.length > MOST_PACKETS) throw new ServiceError('over-limit', `more than ${MOST_PACKETS} packets`);
    }
  };
  const questions = [...packetArguments({ places: family === 'matroska' }), ...FFPROBE_QUESTIONS];
  const run = { signal, onStdoutLine, blame: 'bad-input', doing: 'probing the file' } as const;
  try {
    const { stderrTail } = await runFfmpeg(ffprobe, [...questions, ...inputArguments(path, { family })], run);
    const file: unknown = JSON.parse(facts.join('\n'));
    return { file, packets: { packets, hasErrors: stderrTail.length > 0 } };
  } catch (error) {
    if (signal.aborted || (error instanceof ServiceError && error.code === 'interrupted')) throw error;
    return undefined;
  }
}
