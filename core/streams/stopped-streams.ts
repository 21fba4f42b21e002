import type { Probe } from '../film/probe.ts';

type Read = {
  readonly stopped?: readonly number[];
  readonly streams: readonly { readonly stream: number; readonly packets: number }[];
};

/** Returns the sentences about streams of which ffmpeg reads only a beginning, since it refuses one of their packets. */
export const stoppedTold = (
  { streams }: Probe,
  { stopped = [], streams: surveys }: Read,
): readonly string[] =>
  stopped.map((index) => {
    const packets = surveys.find(({ stream }) => stream === index)?.packets ?? 0;
    const kept = packets === 0 ? 'nothing of it can be read' : `only its first ${packets === 1 ? 'packet' : `${packets} packets`} can be read for certain`;
    return `stream ${index} (${streams[index]?.codec ?? 'unknown'}) is damaged: ${kept}`;
  });
