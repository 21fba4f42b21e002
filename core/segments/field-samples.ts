import { type DecodeStart, decodeStart, type FrameTimeline } from './reach.ts';

/** How a decoder is brought to a sample: a seek, and the decoded frames that are dropped after it. */
export type SampleStart = Omit<DecodeStart, 'from'>;

/** What tells where samples lie; `timeline` where the packets tell the film's frames. */
export type SampledFilm = { readonly durationSeconds: number; readonly timeline?: FrameTimeline | undefined };

/**
 * Returns where `count` samples of a film begin: at even places, the first at the film's start. A sample begins right after the
 * keyframe next to its place, if one is nearer than half the way to the next sample: what lies between a keyframe and a sample
 * has to be decoded for nothing, in films with few keyframes several times as much as the sample itself. Without a timeline,
 * places are counted in seconds from the file's start.
 */
export function sampleStarts(count: number, { durationSeconds, timeline }: SampledFilm): readonly SampleStart[] {
  const places = Array.from({ length: count }, (_, i) => i / count);
  if (!timeline) {
    return places.map((place) => ({ seekSeconds: place === 0 ? undefined : place * durationSeconds, skip: 0 }));
  }
  const frames = timeline.times.length;
  const far = frames / (2 * count);
  return places.map((place) => {
    const wanted = Math.round(place * frames);
    if (wanted === 0) return { seekSeconds: undefined, skip: 0 };
    const keyframe = nearest(timeline.keyframes, wanted);
    const isNear = keyframe !== undefined && Math.abs(keyframe - wanted) < far;
    return decodeStart(isNear ? keyframe + 1 : wanted, timeline);
  });
}

function nearest(ascending: Uint32Array, wanted: number): number | undefined {
  let found: number | undefined;
  for (const each of ascending) {
    if (found !== undefined && Math.abs(each - wanted) > Math.abs(found - wanted)) break;
    found = each;
  }
  return found;
}
