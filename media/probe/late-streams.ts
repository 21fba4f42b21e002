import { parseFfprobe } from '../../core/film/parse-ffprobe.ts';
import { pidsOf } from '../../core/film/unusable.ts';
import { bytesToProbe, tooLateTold } from '../../core/recordings/late-streams.ts';
import type { ProgramMap } from '../../core/recordings/program-maps.ts';
import type { Family } from '../structure/families.ts';
import { firstPackets } from '../structure/first-packets.ts';

type LookedThrough = {
  /** What ffprobe says of the file. */
  readonly file: unknown;
  /** How many bytes of it have to be looked through for that; undefined where it was found as near as in any other file. */
  readonly probedBytes: number | undefined;
  readonly warnings: readonly string[];
};
type Broadcast = { readonly path: string; readonly family: Family; readonly maps: readonly ProgramMap[] };

/**
 * Asks ffprobe once more about a transport or program stream of which a stream begins later than ffmpeg looks for it, and has it look
 * so far. What it said before holds where it finds no other stream by that, which then is none to it.
 */
export async function withLateStreams(
  file: unknown,
  { path, family, maps }: Broadcast,
  askFar: (probedBytes: number) => Promise<unknown>,
  signal: AbortSignal,
): Promise<LookedThrough> {
  const before = { file, probedBytes: undefined, warnings: [] };
  if (family !== 'ts' && family !== 'm2ts' && family !== 'ps') return before;
  const known = knownIn(file);
  const first = await firstPackets(path, { family, maps, known }, signal);
  const probedBytes = bytesToProbe(first, known);
  const far = probedBytes === undefined ? file : await askFar(probedBytes);
  const warnings = tooLateTold(first, new Set(pidsOf(far).values()));
  return knownIn(far).size > known.size ? { file: far, probedBytes, warnings } : { ...before, warnings };
}

/** The streams that ffprobe lists, without sounds of which it has heard nothing. */
function knownIn(file: unknown): ReadonlySet<number> {
  const unheard = parseFfprobe(file, undefined).streams.filter(({ audio }) => audio?.sampleRate === 0);
  const isUnheard = new Set(unheard.map(({ index }) => index));
  return new Set([...pidsOf(file)].flatMap(([stream, id]) => (isUnheard.has(stream) ? [] : [id])));
}
