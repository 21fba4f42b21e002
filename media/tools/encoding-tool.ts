import { type CodecName, codecNamed } from '../../core/codecs/index.ts';
import { ServiceError } from '../../core/errors.ts';
import { makerOf } from '../../core/settings/makers.ts';
import { type EncoderTrial, tryEncoder } from './hardware.ts';
import { libraryVersion } from './library-version.ts';
import type { Tool, Toolbox } from './toolbox.ts';

/**
 * Returns the ffmpeg that encodes a codec: the usual one if it can, else the first that can. Throws `missing-tool` if
 * none can.
 */
export function encodingTool({ ffmpeg, all }: Pick<Toolbox, 'ffmpeg' | 'all'>, codec: CodecName): Tool {
  const { encoder, comesWith } = codecNamed(codec);
  const tool = [ffmpeg, ...all].find(({ encoders }) => encoders.has(encoder));
  if (tool) return tool;
  const there = all.map(({ path, version }) => `${path} (${version})`).join(', ');
  throw new ServiceError(
    'missing-tool',
    `no ffmpeg here has the encoder ${encoder}: ${there}. It comes with ${comesWith}`,
  );
}

const trials = new Map<string, Promise<EncoderTrial>>();

/**
 * Returns the name of the graphics card that encodes, which is tried once in each process. Throws `missing-tool` if the
 * encoder does not work.
 */
async function workingDevice(path: string, codec: CodecName, signal: AbortSignal): Promise<string> {
  const { encoder, comesWith } = codecNamed(codec);
  const key = `${path} ${encoder}`;
  const trial = trials.get(key) ?? tryEncoder(path, encoder, signal);
  trials.set(key, trial);
  const found = await trial;
  if (found.works) return found.device;
  throw new ServiceError(
    'missing-tool',
    `${encoder} does not work on this machine (${found.why}): take encoder=software. It comes with ${comesWith}`,
  );
}

/** Returns the versions of everything that shapes the bytes of a codec, from the tool that encodes it. */
export async function versionsFor(
  toolbox: Pick<Toolbox, 'ffmpeg' | 'all'> & Partial<Pick<Toolbox, 'libraryCache'>>,
  codec: CodecName,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const { path, version } = encodingTool(toolbox, codec);
  // if another ffmpeg encodes, the usual one still decodes and filters its frames
  const feeder = path === toolbox.ffmpeg.path ? {} : { feeder: toolbox.ffmpeg.version };
  const { encoder, library } = codecNamed(codec);
  if (makerOf(encoder)) return { ffmpeg: version, device: await workingDevice(path, codec, signal), ...feeder };
  const asking = { signal, cache: toolbox.libraryCache };
  if (library) return { ffmpeg: version, [library]: await libraryVersion(path, library, asking), ...feeder };
  return { ffmpeg: version, ...feeder };
}
