import { ServiceError } from '../../core/errors.ts';
import { alphaDecoder } from '../../core/film/alpha-decoder.ts';
import { mainVideo } from '../../core/film/probe.ts';
import type { Inspected } from '../../core/ports/film-reader.ts';
import type { Tool } from './toolbox.ts';

/** Returns what was inspected. Throws `missing-tool` if the ffmpeg cannot read the alpha of its picture, which would be lost. */
export function withItsDecoder(
  { decoders, path, version }: Pick<Tool, 'decoders' | 'path' | 'version'>,
  inspected: Inspected,
): Inspected {
  const main = mainVideo(inspected.probe);
  const needed = main && alphaDecoder(main);
  if (needed === undefined || decoders.has(needed)) return inspected;
  const what = `the alpha of this picture is read by the decoder ${needed}, which the ffmpeg here does not have`;
  throw new ServiceError('missing-tool', `${what}: ${path} (${version}). It comes with an ffmpeg that has libvpx`);
}
