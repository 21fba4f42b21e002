import { ServiceError } from '../../core/errors.ts';
import type { PictureFragment } from '../../core/film/picture-fragments.ts';
import type { Scrambled } from '../../core/film/unusable.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { impostorOf } from './impostors.ts';
import { judgeAsf } from './judge-asf.ts';
import { judgeBareAv1 } from './judge-av1.ts';
import { judgeAvi } from './judge-avi.ts';
import { judgeFlv } from './judge-flv.ts';
import { judgeMatroska } from './judge-matroska.ts';
import { judgeMp4 } from './judge-mp4.ts';
import { judgeMxf } from './judge-mxf.ts';
import { judgeOgg } from './judge-ogg.ts';
import { judgeBareStream, judgeDv, judgeIvf, judgeNut, judgeY4m } from './judge-plain-streams.ts';
import { judgeProgramStream } from './judge-program-stream.ts';
import { judgeTransportStream } from './judge-transport-stream.ts';
import { refuseParameterFlood } from './parameter-sets.ts';
import { recognise } from './recognise.ts';
import { COPY_AGAIN, notRead, notVideo, unknownKind } from './refusals.ts';
import { scrambledPids } from './ts-scrambling.ts';

/** The judgement on a source whose structure is whole. `warnings` are sentences whose subject "it" is the source. */
type Structure = {
  readonly kind: 'sound';
  readonly family: Family;
  readonly warnings: readonly string[];
  /** The fragments of the picture of a fragmented MP4; absent where they were not read. */
  readonly fragments?: readonly PictureFragment[];
  /** The scrambled PIDs of a transport stream; absent where there are none. */
  readonly scrambled?: Scrambled;
};

/**
 * Judges by its bytes alone, before ffmpeg sees it, what a source is and whether all of it is there. Reads a few KB to a few
 * MB at chosen positions, however large the file is. Throws `no-input`, `not-video`, `truncated`, `bad-input` (the file
 * contradicts itself), `over-limit` or `interrupted`. Where damage is accepted, `truncated` becomes a warning.
 */
export function judgeStructure(path: string, signal: AbortSignal, damaged?: 'accept'): Promise<Structure> {
  return withByteSource(path, signal, async (source) => {
    const family = await familyOf(source);
    const judged: StructureFindings = await judge(family, source).catch((error: unknown) => {
      if (!(error instanceof ServiceError) || error.code !== 'truncated') throw error;
      if (damaged === 'accept')
        return { warnings: [`what is there is published: ${error.message.replace(COPY_AGAIN, '')}`] };
      throw new ServiceError(
        'truncated',
        `${error.message}, or, if it is all there is, --set damaged=accept publishes what is there`,
        error.details,
      );
    });
    if (HAS_START_CODES.has(family)) await refuseParameterFlood(source);
    const scrambled = family === 'ts' || family === 'm2ts' ? await scrambledPids(source) : undefined;
    return { kind: 'sound', family, ...judged, ...(scrambled && scrambled.size > 0 && { scrambled }) };
  });
}

const HAS_START_CODES: ReadonlySet<Family> = new Set(['ts', 'm2ts', 'ps', 'raw-h264', 'raw-hevc']);

type StructureFindings = Pick<Structure, 'warnings' | 'fragments'>;

const judge = async (family: Family, source: ByteSource): Promise<StructureFindings> =>
  family === 'mp4' ? judgeMp4(source) : { warnings: await JUDGES[family](source) };

/** Each judge returns warnings, or throws an error. */
const JUDGES = {
  matroska: judgeMatroska,
  riff: judgeAvi,
  ts: judgeTransportStream,
  m2ts: judgeTransportStream,
  ps: judgeProgramStream,
  ogg: judgeOgg,
  flv: judgeFlv,
  asf: judgeAsf,
  mxf: judgeMxf,
  nut: judgeNut,
  ivf: judgeIvf,
  dv: judgeDv,
  'raw-av1': judgeBareAv1,
  'raw-h264': judgeBareStream,
  'raw-hevc': judgeBareStream,
  'raw-mpeg': judgeBareStream,
  'raw-y4m': judgeY4m,
} as const satisfies Record<Exclude<Family, 'mp4'>, (source: ByteSource) => Promise<readonly string[]>>;

async function familyOf(source: ByteSource): Promise<Family> {
  if (source.size === 0) throw notVideo(source, 'empty');
  const family = await recognise(source);
  if (family) return family;
  const impostor = await impostorOf(source);
  if (!impostor) throw await unrecognised(source);
  const { what, advice, isUnread } = impostor;
  throw isUnread && advice !== undefined ? notRead(source, what, advice) : notVideo(source, what, advice);
}

async function unrecognised(source: ByteSource): Promise<ServiceError> {
  const head = await source.read(0, 4096);
  return head.every((byte) => byte === 0)
    ? notVideo(source, 'made of zero bytes')
    : unknownKind(source, head.subarray(0, 8));
}
