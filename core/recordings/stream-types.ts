import type { Probe } from '../film/probe.ts';
import type { ProgramMap } from './program-maps.ts';

/**
 * Returns the probe of a transport stream, where streams of which ffmpeg knows nothing have their type by the map of their program. The streams
 * of other files stay as they are: they have no map.
 */
export const withStreamTypes = (
  probe: Probe,
  maps: readonly ProgramMap[],
  pids: ReadonlyMap<number, number>,
): Probe => ({
  ...probe,
  streams: probe.streams.map((stream) => {
    const pid = pids.get(stream.index);
    if (stream.codec !== 'unknown' || pid === undefined) return stream;
    const streamType = maps.find(({ kinds }) => kinds.has(pid))?.kinds.get(pid);
    return streamType === undefined ? stream : { ...stream, streamType };
  }),
});
