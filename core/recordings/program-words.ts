import type { Probe, Stream } from '../film/probe.ts';
import type { ProgramMap } from './program-maps.ts';

/**
 * Returns the probe of a transport stream with what the maps of its programs say of streams and ffmpeg does not: the type of what it does not
 * know, and the closed captions of a picture. The streams of other files stay as they are: they have no map.
 */
export const withProgramWords = (
  probe: Probe,
  maps: readonly ProgramMap[],
  pids: ReadonlyMap<number, number>,
): Probe => ({
  ...probe,
  streams: probe.streams.map((stream) => {
    const pid = pids.get(stream.index);
    return pid === undefined ? stream : withWords(stream, maps, pid);
  }),
});

function withWords(stream: Stream, maps: readonly ProgramMap[], pid: number): Stream {
  const { codec, video } = stream;
  const streamType = maps.find(({ kinds }) => kinds.has(pid))?.kinds.get(pid);
  const namedCaptions = maps.find(({ captions }) => captions?.has(pid))?.captions?.get(pid);
  return {
    ...stream,
    ...(codec === 'unknown' && streamType !== undefined && { streamType }),
    ...(video && namedCaptions && { video: { ...video, namedCaptions } }),
  };
}
