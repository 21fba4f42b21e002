import type { Check } from '../manifest.ts';
import { fragmentSeconds, type IndexedPart, pictureParts, type SegmentIndex, soundParts } from '../media/fragments.ts';
import { KEY, presentationTimes } from '../segments/frame-index.ts';
import type { Evidence } from './evidence.ts';

/** A frame, by which a fragment may be longer than planned. */
const ONE_FRAME_SECONDS = 0.1;

/** What players need of a file in fragments. */
export function streamChecks(evidence: Evidence): readonly Check[] {
  const { stream, output } = evidence;
  if (!stream) return [];
  return [layout(stream.fragments), indexed(stream), lengths(stream, evidence), keyframes(stream, output.survey.index)];
}

type Stream = NonNullable<Evidence['stream']>;

function layout({ head }: Stream['fragments']): Check {
  const passed = head[0] === 'ftyp' && head[1] === 'moov' && head[2] === 'sidx';
  return { name: 'header first, then the index', passed, detail: head.join(' ') };
}

/** As players go by it who seek: each part, as long as it is, and whether decoding can begin there. */
function indexed({ fragments: map }: Stream): Check {
  const [picture, sound] = [partsSaid(map.index, pictureParts(map)), partsSaid(map.soundIndex, soundParts(map))];
  const hasSound = map.fragments.some(({ sounds }) => sounds > 0);
  return {
    name: 'an index of every fragment',
    passed: picture.passed && (!hasSound || sound.passed),
    detail: `${map.fragments.length} fragments; the picture's: ${picture.detail}${hasSound ? `; the sound's: ${sound.detail}` : ''}`,
  };
}

function partsSaid(index: SegmentIndex | undefined, parts: readonly IndexedPart[]) {
  const references = index?.references ?? [];
  const right = parts.filter(({ start, end, keyframe }, i) => {
    const reference = references[i];
    return reference?.bytes === end - start && reference.startsWithAccessPoint === keyframe;
  });
  return {
    passed: right.length === parts.length && references.length === parts.length,
    detail: `${references.length} references, ${right.length} of ${parts.length} as they are`,
  };
}

/** The first one waits until every track has begun: before, ffmpeg cannot say in the header where each does. */
function lengths({ fragments: { fragments } }: Stream, { seconds, output, lastSeconds = 0 }: Evidence): Check {
  let gap = lastSeconds; // a single frame may last longer than any fragment should
  for (let i = 1; i < seconds.length; i++) gap = Math.max(gap, (seconds.at(i) ?? 0) - (seconds.at(i - 1) ?? 0));
  const planned = fragmentSeconds((seconds.at(-1) ?? 0) - (seconds.at(0) ?? 0));
  const begun = Math.max(0, ...output.survey.streams.map(({ firstSeconds = 0 }) => firstSeconds));
  const tolerance = Math.max(ONE_FRAME_SECONDS, gap);
  const [first = 0, ...others] = fragments.map(({ durationSeconds }) => durationSeconds);
  const longest = others.reduce((most, each) => Math.max(most, each), 0);
  return {
    name: 'fragments as short as planned',
    passed: longest <= planned + tolerance && first <= begun + planned + tolerance,
    detail: `${fragments.length} fragments of ${planned} s, the longest of ${Math.max(first, longest).toFixed(3)} s`,
  };
}

/** Counted from each segment's first frame, so that all renditions cut alike have them at the same frames. */
function keyframes({ starts, keyframeEvery }: Stream, index: Evidence['output']['survey']['index']): Check {
  const times = presentationTimes(index);
  const found = new Set<number>();
  for (let i = 0; i < index.count; i++) if ((index.flags[i] ?? 0) & KEY) found.add(index.pts[i] ?? 0);
  const planned = starts.flatMap((start, i) => {
    const end = starts[i + 1] ?? times.length;
    return Array.from({ length: Math.ceil((end - start) / keyframeEvery) }, (_, n) => start + n * keyframeEvery);
  });
  const missing = planned.filter((frame) => !found.has(times[frame] ?? -1)).length;
  return {
    name: 'keyframes where every rendition has them',
    passed: missing === 0 && found.size === planned.length,
    detail: `${found.size} keyframes, ${planned.length} planned, ${missing} missing`,
  };
}
