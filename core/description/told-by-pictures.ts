import { isMatroska, type Probe, type VideoFacts } from '../film/probe.ts';
import type { avchdCamera } from './avchd-camera.ts';
import type { RecordingTime } from './recording-time.ts';

/** When, where and with what camera a film was shot, and its time code, as its pictures tell it. */
export type ToldOfShot = {
  readonly time: RecordingTime | undefined;
  readonly camera: ReturnType<typeof avchdCamera>;
  readonly place: string | undefined;
  readonly timecode: string | undefined;
};

/** The names under which a container says the same. */
const SAME: Readonly<Record<string, RegExp>> = {
  'com.apple.quicktime.make': /^(com\.apple\.quicktime\.)?maker?$/i,
  'com.apple.quicktime.model': /^(com\.apple\.quicktime\.)?model$/i,
  'com.apple.quicktime.creationdate': /^(com\.apple\.quicktime\.creationdate|date_recorded)$/i,
  location: /^(location(-.*)?|com\.apple\.quicktime\.location\.iso6709)$/i,
};

/**
 * Returns the probe with what its pictures tell, as tags that other cameras write. What the container itself says comes first, but for the
 * date of Matroska, which is that of its muxing.
 */
export function withRecording(
  probe: Probe,
  picture: number | undefined,
  { time, camera, place, timecode }: ToldOfShot,
): Probe {
  const said: Readonly<Record<string, string>> = {
    ...(time && { creation_time: time.utc, 'com.apple.quicktime.creationdate': time.local }),
    ...(camera?.make !== undefined && { 'com.apple.quicktime.make': camera.make }),
    ...(camera?.model !== undefined && { 'com.apple.quicktime.model': camera.model }),
    ...(place !== undefined && { location: place }),
  };
  const names = Object.keys(probe.tags);
  const isAlone = (name: string) => !names.some((each) => SAME[name]?.test(each) ?? each === name);
  const alone = Object.fromEntries(Object.entries(said).filter(([name]) => isAlone(name)));
  const tags = { ...alone, ...probe.tags, ...(time && isMatroska(probe) && { creation_time: time.utc }) };
  const { creation_time, ...toldByPictures } = alone;
  const streams = probe.streams.map((stream) =>
    stream.index === picture && stream.video && timecode !== undefined
      ? { ...stream, video: { ...stream.video, timecode: stream.video.timecode ?? timecode } }
      : stream,
  );
  return { ...probe, tags, streams, ...(Object.keys(toldByPictures).length > 0 && { toldByPictures }) };
}

/** Whether a time code of the picture may leave frames out, as at multiples of 29.97. */
export const mayDrop = (video: VideoFacts | undefined): boolean =>
  (video?.baseFrameRate ?? video?.averageFrameRate)?.den === 1001;
