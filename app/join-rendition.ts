import { codecOf } from '../core/codecs/index.ts';
import { type JoinPlan, timescaleOf } from '../core/encode/join-args.ts';
import { fragmentSeconds } from '../core/film/fragments.ts';
import { type Spherical, scaledTo } from '../core/film/spherical.ts';
import { containerOf } from '../core/settings/delivery.ts';
import { type Rational, times } from '../core/units.ts';
import type { Encoded } from './encode-segments.ts';
import { rottenPieces } from './piece-records.ts';
import type { SourceFacts } from './read-source.ts';
import { type Draft, pieceKey, type Work } from './work.ts';

export type Joined = { readonly path: string; readonly plan: JoinPlan; readonly damage: readonly string[] };

/** Keys of pieces that are no longer what was put into the cache. */
export type Rotten = { readonly rotten: readonly string[] };

/** The pieces and the source's other streams in one file, not yet verified. */
export async function joinRendition(
  draft: Draft,
  work: Work,
  { reused }: Pick<Encoded, 'reused'>,
): Promise<Joined | Rotten> {
  const { ports, tracking, watch, settings, folder } = work;
  const { source, segments, plans, spec, rendition } = draft;
  const { slower } = spec;
  await tracking.record({ status: 'joining' });
  const pieces = await Promise.all(segments.map(({ key }) => ports.cache.fetch(pieceKey(key), tracking.signal)));
  const container = containerOf(rendition.delivery, settings);
  const seconds = (frame: number) => (source.cut.times[frame] ?? 0) * tickSecondsOf(source, slower);
  const filmSeconds = seconds(source.cut.times.length - 1) - seconds(0);
  const plan: JoinPlan = {
    pieces: pieces.map(({ path }, i) => {
      const next = segments[i + 1];
      const start = segments[i]?.start ?? 0;
      return { path, durationSeconds: next && seconds(next.start) - seconds(start) };
    }),
    source: source.path,
    access: source.probe.access,
    streams: plans,
    mainStream: source.main.index,
    firstSeconds: seconds(0) + delayOf(rendition, source),
    sourceOffsetSeconds: delayOf(rendition, source),
    timescale: timescaleOf(slower ? times(source.index.timeBase, slower) : source.index.timeBase),
    container,
    tag: codecOf(spec).tag,
    fragmentSeconds: rendition.delivery === 'stream' ? fragmentSeconds(filmSeconds) : undefined,
    video: source.main.video,
    sar: spec.sar,
    timecode: draft.timecode,
    slower,
    spherical: container === 'mp4' && rendition.delivery !== 'stream' ? await sphereOf(draft, work) : undefined,
    output: `${folder}/${rendition.name}.${container}`,
  };
  try {
    const rotten = reused > 0 ? await rottenPieces(segments, pieces, work) : [];
    if (rotten.length > 0) return { rotten };
    const options = { signal: tracking.signal, onProgress: () => {} };
    const damage = await watch.time('join', () => ports.media.join(plan, options));
    return { path: plan.output, plan, damage };
  } finally {
    await Promise.all(pieces.map((piece) => piece.release()));
  }
}

/** A tick of the source, as long as it is in the rendition. */
export const tickSecondsOf = ({ tickSeconds }: SourceFacts, slower: Rational | undefined): number =>
  slower ? (tickSeconds * slower.num) / slower.den : tickSeconds;

/** What the source says of spheres, as the rendition is to say it: for its size, and for the sounds it copies. */
async function sphereOf(
  { source, plans, spec }: Draft,
  { ports, tracking, request }: Work,
): Promise<Spherical | undefined> {
  const { path, probe, main } = source;
  const found = await ports.media.spherical({ path, probe, stream: main.index }, tracking.signal);
  if (!found) return undefined;
  const others = plans.filter(({ stream, codecArgs }) => codecArgs && stream.index !== main.index);
  for (const { stream, codecArgs } of others) {
    if (codecArgs?.[0] === 'copy' || !found.sa3d.has(stream.index)) continue;
    const message = `the sound field of stream ${stream.index} becomes plain channels: MP4 does not take ${stream.codec}, and in ${codecArgs?.[0]} nothing says that they are one`;
    tracking.emit({ type: 'warning', job: request.id, message });
  }
  const sounds = others.flatMap(({ stream, codecArgs }, i) => {
    const box = codecArgs?.[0] === 'copy' ? found.sa3d.get(stream.index) : undefined;
    return box ? [[i + 1, box] as const] : [];
  });
  return { ...scaledTo(found, main.video, spec.size), sa3d: new Map(sounds) };
}

/**
 * Fragmented files whose sound has encoder delay begin before 0, by ffmpeg's count; what counts is 0, where the picture
 * begins. Other deliveries count from the beginning of the file, as ffmpeg does.
 */
export const delayOf = ({ delivery }: Draft['rendition'], { probe }: SourceFacts): number =>
  delivery === 'stream' ? Math.min(0, probe.startSeconds) : 0;
