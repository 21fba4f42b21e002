import { plainVideo } from '../core/film/plain-video.ts';
import type { VideoFacts } from '../core/film/probe.ts';
import type { Options } from './measurement.ts';
import { ffmpeg, once } from './run.ts';

/** A clip of 1.5 s in 1080p from a phone. */
export const DEMO = 'demo/clips/VID_20191220_170832.mp4';

/**
 * Returns the path of sixty seconds of 1080p30: a given real clip, or the demo clip, repeated under a slow pan and zoom
 * so that no two frames are the same; H.264 at CRF 18.
 */
export async function minuteOf1080p({ quick, clip }: Options): Promise<string> {
  const seconds = quick ? 4 : 60;
  const size = quick ? '320x180' : '1920x1080';
  const motion = `zoompan=z='1.1+0.1*sin(on/97)':x='(iw-iw/zoom)*(0.5+0.5*sin(on/131))':y='(ih-ih/zoom)*(0.5+0.5*cos(on/89))':d=1:s=${size}:fps=30`;
  const source = clip ?? DEMO;
  const name = `minute-${size}-${Buffer.from(source).toString('hex').slice(-24)}.mp4`;
  return once(name, (path) =>
    ffmpeg(
      ...['-stream_loop', '-1', '-i', source, '-t', `${seconds}`, '-an'],
      ...['-vf', clip ? `fps=30,scale=${size.replace('x', ':')}` : `fps=30,${motion}`],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-g', '60', '-pix_fmt', 'yuv420p', path],
    ),
  );
}

/** 8-bit 4:2:0 video without any colour tags. */
export const PLAIN_1080P: VideoFacts = plainVideo({ width: 1920, height: 1080 });
