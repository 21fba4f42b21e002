import { endOfFilm, type FragmentedTrack, fragmentSeconds, streamSegments } from '../film/fragments.ts';
import { KEY, presentationTimes } from '../film/frame-index.ts';
import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { Evidence, StreamEvidence } from './evidence.ts';

/** A fragment may be one frame longer than planned. */
const ONE_FRAME_SECONDS = 0.1;
/** A first picture at 0 may be written this much before it, as times are rounded to the track's ticks. */
const LARGEST_TICK_SECONDS = 0.001;

/** Returns the checks of a rendition in fragments; none for any other rendition. */
export function streamChecks(evidence: Evidence): readonly Check[] {
  const { stream, output } = evidence;
  if (!stream) return [];
  return [
    headerFirst(stream.fragments),
    indexed(tracksOf(stream)),
    timesInFragments(stream),
    apart(stream),
    lengths(stream, evidence),
    keyframes(stream, output.survey.index),
  ];
}

const tracksOf = ({ fragments: { picture, sound } }: StreamEvidence): readonly FragmentedTrack[] => [
  picture,
  ...(sound ? [sound] : []),
];

/** `head` has the types of the boxes before the first fragment. */
export function headerFirst({ head }: { readonly head: readonly string[] }): Check {
  const passed = head[0] === 'ftyp' && head[1] === 'moov' && head[2] === 'sidx';
  return check('header first, then the index', passed, head.join(' '));
}

/** Players seek by the index, whose references state the size of each fragment and whether decoding can begin with it. */
export function indexed(tracks: readonly FragmentedTrack[]): Check {
  const filled = tracks.filter(({ fragments }) => fragments.length > 0);
  const found = filled.map(({ kind, index, fragments }) => {
    const references = index?.references ?? [];
    const right = fragments.filter(({ start, keyframe }, i) => {
      const next = fragments[i + 1];
      const reference = references[i];
      const reaches = next === undefined || reference?.bytes === next.start - start;
      return reference !== undefined && reaches && reference.startsWithAccessPoint === keyframe;
    });
    const passed = right.length === fragments.length && references.length === fragments.length;
    return { passed, detail: `${kind}: ${references.length} references, ${right.length} of ${fragments.length} right` };
  });
  const detail = found.map((each) => each.detail).join('; ');
  return check(
    'an index of every fragment',
    found.every(({ passed }) => passed),
    detail,
  );
}

/** Streaming players take each track's times from its fragments alone: they ignore empty edits, and show nothing before 0. */
function timesInFragments(stream: StreamEvidence): Check {
  const tracks = tracksOf(stream);
  const found = tracks.map(({ kind, fragments, emptySeconds }) => {
    const from = fragments[0]?.shown.from;
    const isCut = kind === 'picture' && (from ?? 0) < -LARGEST_TICK_SECONDS;
    const said = emptySeconds > 0 ? 'with an empty edit' : `at ${from?.toFixed(3) ?? 'no'} s`;
    return { passed: emptySeconds === 0 && !isCut, detail: `${kind} begins ${said}` };
  });
  const detail = found.map((each) => each.detail).join(', ');
  return check(
    'fragments say when each track begins',
    found.every(({ passed }) => passed),
    detail,
  );
}

/** Each segment of a track must be one range of bytes, so that a player can fetch one track without the other. */
function apart(stream: StreamEvidence): Check {
  const { picture } = stream.fragments;
  const tracks = tracksOf(stream);
  const gaps = streamSegments(picture).length - picture.fragments.filter(({ keyframe }) => keyframe).length;
  const counts = tracks.map((track) => `${streamSegments(track).length} segments of ${track.kind}`);
  return check(
    'picture and sound are fetched apart',
    gaps === 0,
    gaps === 0 ? counts.join(', ') : `${gaps} segments of the picture are cut by other bytes`,
  );
}

/** The first fragment may be longer, since ffmpeg writes no header before every track has begun. */
function lengths({ fragments: map }: StreamEvidence, { seconds, output, lastSeconds = 0 }: Evidence): Check {
  const { fragments } = map.picture;
  // a single frame may last longer than any fragment should, and cannot be divided
  let gap = seconds.length === 1 ? Number.POSITIVE_INFINITY : lastSeconds;
  for (let i = 1; i < seconds.length; i++) gap = Math.max(gap, (seconds.at(i) ?? 0) - (seconds.at(i - 1) ?? 0));
  const planned = fragmentSeconds(endOfFilm(map));
  const begun = Math.max(0, ...output.survey.streams.map(({ firstSeconds = 0 }) => firstSeconds));
  const tolerance = Math.max(ONE_FRAME_SECONDS, gap);
  const [first = 0, ...others] = fragments.map(({ durationSeconds }) => durationSeconds);
  const longest = others.reduce((most, each) => Math.max(most, each), 0);
  return check(
    'fragments as short as planned',
    longest <= planned + tolerance && first <= begun + planned + tolerance,
    `${fragments.length} fragments of ${planned} s, the longest of ${Math.max(first, longest).toFixed(3)} s`,
  );
}

/** Renditions with the same segments have the same keyframes, so that a player can go from one to another. */
function keyframes({ keyframes: planned }: StreamEvidence, index: Evidence['output']['survey']['index']): Check {
  const times = presentationTimes(index);
  const found = new Set<number>();
  for (let i = 0; i < index.count; i++) if ((index.flags[i] ?? 0) & KEY) found.add(index.pts[i] ?? 0);
  const missing = planned.filter((frame) => !found.has(times[frame] ?? -1)).length;
  return check(
    'keyframes where every rendition has them',
    missing === 0 && found.size === planned.length,
    `${found.size} keyframes, ${planned.length} planned, ${missing} missing`,
  );
}
