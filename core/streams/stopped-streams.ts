import type { Probe } from '../film/probe.ts';

type Read = {
  readonly stopped?: readonly number[];
  readonly streams: readonly { readonly stream: number; readonly packets: number }[];
};

/** Returns the sentences about streams of which ffmpeg reads only a beginning, since it refuses one of their packets. */
export const stoppedTold = ({ streams }: Probe, { stopped = [], streams: surveys }: Read): readonly string[] =>
  stopped.map((index) => {
    const packets = surveys.find(({ stream }) => stream === index)?.packets ?? 0;
    const codec = streams[index]?.codec ?? 'unknown';
    return `stream ${index} (${codec}) is damaged: ffmpeg stops at its packet ${packets + 1}; picture and sound are read without it`;
  });
