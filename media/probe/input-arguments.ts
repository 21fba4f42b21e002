import { resolve } from 'node:path';
import { type Access, isSequential, probedBytesOf } from '../../core/film/access.ts';
import { alphaDecoder } from '../../core/film/alpha-decoder.ts';
import { LIMITS } from '../../core/film/limits.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { PROBED_BYTES } from '../../core/recordings/late-streams.ts';
import { FAMILIES, type Family } from '../structure/families.ts';

/** These demuxers read pictures out of the file itself; none is for playlists, scripts, picture sequences or devices. */
const DEMUXERS = [...new Set(Object.values(FAMILIES).map(({ demuxer }) => demuxer))].join(',');

/** Decoders round a picture's sides up to multiples of 64 before they compare it with `-max_pixels`. */
export const MAX_PIXELS = LIMITS.pixels + 64 * LIMITS.side;

type InputDetails = { readonly family?: Family; readonly access?: Access };

/**
 * Returns the input arguments of ffmpeg and ffprobe for a source, `-i` included; untrusted bytes reach them only this way.
 * They may open local files only, so that a playlist posing as a video reaches no address, and use only demuxers that open
 * no second file. With a `family`, its demuxer is the only one. The probing limits are here because the frame rate that
 * both programs estimate depends on them; `access` has what a file needs beyond them.
 */
export function inputArguments(path: string, { family, access }: InputDetails = {}): string[] {
  const probedBytes = access && probedBytesOf(access);
  return [
    ['-protocol_whitelist', 'file'],
    ['-format_whitelist', family ? FAMILIES[family].demuxer : DEMUXERS],
    ['-max_streams', `${LIMITS.streams + 1}`], // one more, so that ffprobe can show there are too many
    ['-max_pixels', `${MAX_PIXELS}`],
    ['-flags', '+unaligned'], // else decoders show columns at the left that H.264 and HEVC hide
    // bytes, and microseconds: subtitles of broadcasts begin late
    probedBytes === undefined
      ? ['-probesize', `${PROBED_BYTES.usual}`, '-analyzeduration', '20M']
      : ['-probesize', `${probedBytes}`, '-analyzeduration', '9G'],
    family ? ['-f', FAMILIES[family].demuxer] : [],
    ['-i', `file:${resolve(path)}`], // a bare name with ":" would be taken for a protocol
  ].flat();
}

/** Returns the input arguments for an animation, whose kind was recognised by its first bytes, with that kind's demuxer alone. */
export const animationInput = (path: string, demuxer: 'gif' | 'apng'): string[] => [
  ...['-protocol_whitelist', 'file', '-format_whitelist', demuxer, '-max_pixels', `${MAX_PIXELS}`],
  ...['-f', demuxer, '-i', `file:${resolve(path)}`],
];

/**
 * Returns ffmpeg's input arguments with times that count from the file's start. In containers whose clock may jump (TS, PS,
 * Ogg) ffmpeg counts from the first stream that is used; before version 6.0 it does not where an offset is given, however small, and
 * for later ones `countedFromStart` goes behind the outputs. `offsetSeconds` is what the caller's own `-itsoffset` says, of which
 * ffmpeg takes the last.
 */
export const timedInputArguments = (path: string, access: Access, offsetSeconds = 0): string[] => [
  ...offsetArguments(access, offsetSeconds),
  ...inputArguments(path, { access }),
];

function offsetArguments(access: Access, offsetSeconds: number): readonly string[] {
  if (typeof access === 'object' && 'earlySeconds' in access)
    return ['-itsoffset', (offsetSeconds + access.earlySeconds).toFixed(9)];
  return isSequential(access) && offsetSeconds === 0 ? ['-itsoffset', '0.000001'] : []; // far below half a tick
}

/**
 * Returns the arguments that make decoding give the same frames each time, to go before the input's own: one filter graph for
 * pictures that change midway, or of which some say how they are turned, since a new graph would lose the count of frames, and
 * one thread where that was asked for.
 */
export function steadyInput({ probe, stream }: Source): string[] {
  const { shapes, turnedInPictures, anglesInPictures, colours } = probe.streams[stream]?.video ?? {};
  const changes = shapes ?? turnedInPictures ?? anglesInPictures ?? colours; // colours begin a new graph from ffmpeg 7.0 on
  return [...(changes ? ['-reinit_filter', '0'] : []), ...decodingThreads(probe)];
}

/**
 * Returns the argument for one decoding thread, where that was asked for; it goes before the input's own arguments. ffmpeg's decoder
 * of Theora stops at the headers of a second recording in one Ogg if it has several threads.
 */
export const decodingThreads = ({ byOneThread, format, streams }: Source['probe']): string[] =>
  byOneThread || (format === 'ogg' && streams.some(({ codec }) => codec === 'theora')) ? ['-threads', '1'] : [];

/** Returns the input arguments for encoding a source. VP8 and VP9 with alpha get the decoder that reads the alpha. */
export function pictureInput(source: Source): string[] {
  const { path, probe, stream } = source;
  const picture = probe.streams[stream];
  const decoder = picture && alphaDecoder(picture);
  return [...(decoder ? ['-c:v', decoder] : []), ...steadyInput(source), ...inputArguments(path, probe)];
}
