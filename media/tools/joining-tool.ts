import type { JoinPlan } from '../../core/encode/join-plan.ts';
import { ServiceError } from '../../core/errors.ts';
import type { Tool, Toolbox } from './toolbox.ts';

/**
 * Returns the ffmpeg that joins a file: the usual one if it has the encoders of all sounds and subtitles, else the first that
 * has. Throws `missing-tool` if none has.
 */
export function joiningTool(
  { ffmpeg, all }: Pick<Toolbox, 'ffmpeg' | 'all'>,
  { streams, mainStream }: Pick<JoinPlan, 'streams' | 'mainStream'>,
): Tool {
  const others = streams.filter(({ stream }) => stream.index !== mainStream);
  const wanted = [...new Set(others.flatMap(({ codecArgs: [encoder] = [] }) => encoder ?? []))].filter(
    (encoder) => encoder !== 'copy',
  );
  const tool = [ffmpeg, ...all].find(({ encoders }) => wanted.every((encoder) => encoders.has(encoder)));
  if (tool) return tool;
  const there = all.map(({ path, version }) => `${path} (${version})`).join(', ');
  throw new ServiceError(
    'missing-tool',
    `no ffmpeg here has ${wanted.join(' and ')} for the sounds and subtitles: ${there}. An ffmpeg of Debian, Ubuntu, Alpine or Homebrew has them`,
  );
}
