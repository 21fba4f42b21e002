import { ServiceError } from '../../core/errors.ts';
import type { Fragment, FragmentedTrack, FragmentMap, SegmentIndex } from '../../core/film/fragments.ts';
import { type SampleSteps, sampleSteps } from '../../core/film/sample-steps.ts';
import type { SoundMap } from '../../core/ports/sound-file.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';
import { readFragment } from './fragment-run.ts';
import { type FragmentedTrackHeader, trackHeaders } from './fragment-track.ts';
import { boxesIn, childrenOf, findBox, type Mp4Box, payloadOf } from './mp4-boxes.ts';

const LARGEST_INDEX = 1 << 20;
const LARGEST_HEADER = 1 << 20;

/**
 * Reads the boxes and fragments of a fragmented MP4 of our own. Throws `not-exact` where it has no fragments, no picture, or
 * a fragment with samples of two tracks.
 */
export async function fragmentMap(path: string, signal: AbortSignal): Promise<FragmentMap> {
  const { head, init, picture, sound, name } = await fragmentTracks(path, signal);
  if (!picture || picture.track.fragments.length === 0)
    throw new ServiceError('not-exact', `${name} has no fragments of a picture`);
  return { head, init, shown: picture.shown, picture: picture.track, sound };
}

/** Reads a fragmented MP4 that holds one sound and nothing else. Throws `not-exact` for any other file. */
export async function soundMap(path: string, signal: AbortSignal): Promise<SoundMap> {
  const { head, init, picture, sound, name } = await fragmentTracks(path, signal);
  if (picture || !sound || sound.fragments.length === 0)
    throw new ServiceError('not-exact', `${name} has no fragments of a sound alone`);
  return { head, headerBytes: init.length, sound };
}

/** Reads the first picture and the first sound. */
export const fragmentTracks = (path: string, signal: AbortSignal) =>
  withByteSource(path, signal, async (source) => {
    const head: string[] = [];
    const indexes = new Map<number, SegmentIndex>();
    let tracks: readonly TrackSoFar[] = [];
    let init: Buffer = Buffer.alloc(0);
    let moof: Mp4Box | undefined;
    for await (const box of boxesIn(source, 0, source.size)) {
      if (box.type === 'moof') moof = box;
      else if (!moof) head.push(box.type);
      if (box.type === 'moov') {
        if (box.end > LARGEST_HEADER)
          throw new ServiceError('not-exact', `${source.name} has a header of ${box.end} bytes`);
        const headers = await trackHeaders(source, box);
        if (!headers) throw new ServiceError('not-exact', `${source.name} has a header of a track that is too short`);
        tracks = headers.map((header) => ({
          header,
          fragments: [],
          steps: sampleSteps(),
        }));
        init = await source.read(0, box.end);
      }
      if (box.type === 'sidx') await readIndex(source, box, indexes);
      if (box.type === 'mdat' && moof) await readMoof(source, moof, box.end, tracks);
    }
    const picture = tracks.find(({ header }) => header.kind === 'picture');
    const sound = tracks.find(({ header }) => header.kind === 'sound');
    return {
      ...{ name: source.name, head, init },
      picture: picture && { shown: picture.header.shown, track: finished(picture, indexes) },
      sound: sound && finished(sound, indexes),
    };
  });

type TrackSoFar = {
  readonly header: FragmentedTrackHeader;
  readonly fragments: Fragment[];
  readonly steps: SampleSteps;
};

function finished(
  { header, fragments, steps }: TrackSoFar,
  indexes: ReadonlyMap<number, SegmentIndex>,
): FragmentedTrack {
  const { kind, id, timescale, skippedSeconds, emptySeconds } = header;
  return {
    kind,
    id,
    timescale,
    skippedSeconds,
    emptySeconds,
    shortestStepSeconds: steps.shortest() / timescale,
    firstSampleSeconds: steps.first() / timescale,
    lastSampleSeconds: steps.last() / timescale,
    index: indexes.get(id),
    fragments,
  };
}

async function readMoof(source: ByteSource, moof: Mp4Box, end: number, tracks: readonly TrackSoFar[]): Promise<void> {
  let fragment: Fragment | undefined;
  for await (const traf of childrenOf(source, moof)) {
    if (traf.type !== 'traf') continue;
    if (fragment)
      throw new ServiceError('not-exact', `${source.name} has a fragment of two tracks at byte ${moof.start}`);
    const header = await findBox(source, traf, 'tfhd');
    if (!header) continue;
    const tfhd = await payloadOf(source, header, LARGEST_HEADER);
    const track = tracks.find((each) => each.header.id === tfhd.readUInt32BE(4));
    if (!track) continue;
    const { timescale, defaults, skippedSeconds } = track.header;
    const run = await readFragment(source, traf, tfhd, { defaults, steps: track.steps });
    if (!run)
      throw new ServiceError('not-exact', `${source.name} has a fragment that is not whole at byte ${moof.start}`);
    fragment = {
      start: moof.start,
      end,
      samples: run.samples,
      keyframe: run.keyframe,
      startSeconds: run.begin / timescale,
      durationSeconds: run.ticks / timescale,
      shown: { from: run.from / timescale - skippedSeconds, to: run.to / timescale - skippedSeconds },
    };
    track.fragments.push(fragment);
  }
}

/** Reads the first index of a track; further indexes of the same track are ignored. */
async function readIndex(source: ByteSource, box: Mp4Box, indexes: Map<number, SegmentIndex>): Promise<void> {
  const sidx = await payloadOf(source, box, LARGEST_INDEX);
  const from = sidx.readUInt8(0) === 0 ? 24 : 32; // times and offsets of 32 or of 64 bits
  const timescale = sidx.readUInt32BE(8);
  const references = Array.from({ length: sidx.readUInt16BE(from - 2) }, (_, i) => ({
    bytes: sidx.readUInt32BE(from + 12 * i) & 0x7fff_ffff,
    seconds: sidx.readUInt32BE(from + 12 * i + 4) / timescale,
    startsWithAccessPoint: sidx.readUInt8(from + 12 * i + 8) >= 0x80,
  }));
  const track = sidx.readUInt32BE(4);
  if (!indexes.has(track)) indexes.set(track, { references });
}
