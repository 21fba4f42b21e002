import { resolve } from 'node:path';
import { LIMITS } from '../../core/film/limits.ts';
import { hasAlpha } from '../../core/film/pixel-format.ts';
import type { Access } from '../../core/film/probe.ts';
import type { Source } from '../../core/ports/media.ts';
import { FAMILIES, type Family } from '../structure/families.ts';

/** Only demuxers that read pictures out of the file itself: no playlist, script, picture sequence or device is among them. */
const DEMUXERS = [...new Set(Object.values(FAMILIES).map(({ demuxer }) => demuxer))].join(',');

/** Decoders align a picture's sides up to 64 before they compare it. */
const MAX_PIXELS = LIMITS.pixels + 64 * LIMITS.side;

/**
 * What ffmpeg and ffprobe are given for every source, `-i` included: the one way in which untrusted bytes reach them.
 * They may open local files only, so a playlist posing as a video reaches no address; and only by demuxers that open no
 * second file. With the family that was judged, that demuxer alone is asked, so both see the same thing. The probing
 * limits stand here because the frame rate that both estimate depends on them.
 */
export function inputArguments(path: string, { family }: { readonly family?: Family } = {}): string[] {
  return [
    ['-protocol_whitelist', 'file'],
    ['-format_whitelist', family ? FAMILIES[family].demuxer : DEMUXERS],
    ['-max_streams', `${LIMITS.streams + 1}`], // one more, so that ffprobe can show there are too many
    ['-max_pixels', `${MAX_PIXELS}`],
    ['-probesize', '32M', '-analyzeduration', '20M'], // bytes, and microseconds: subtitles of broadcasts begin late
    family ? ['-f', FAMILIES[family].demuxer] : [],
    ['-i', `file:${resolve(path)}`], // a bare name with ":" would be taken for a protocol
  ].flat();
}

/** An animation, whose first bytes were looked at, by the demuxer of its kind alone. */
export const animationInput = (path: string, demuxer: 'gif' | 'apng'): string[] => [
  ...['-protocol_whitelist', 'file', '-format_whitelist', demuxer, '-max_pixels', `${MAX_PIXELS}`],
  ...['-f', demuxer, '-i', `file:${resolve(path)}`],
];

/**
 * For ffmpeg alone, where the times of some of a file's streams must count from the file's start: in containers whose clock
 * may jump (TS, PS, Ogg) it counts from the first stream that is used, unless an offset is asked for, however small.
 */
export const timedInputArguments = (path: string, access: Access): string[] => [
  ...(access === 'sequential' ? ['-itsoffset', '0.000001'] : []), // far below half a tick
  ...inputArguments(path),
];
/**
 * Where pictures change midway: their filters stay, for with those ffmpeg would make anew it would forget which frame it had
 * come to. Goes before the input's own arguments.
 */
export const steadyInput = ({ probe, stream }: Source): string[] =>
  probe.streams[stream]?.video?.shapes ? ['-reinit_filter', '0'] : [];

/** As `inputArguments`, for encoding: where VP8 or VP9 has alpha, by the decoder that reads it. */
export function pictureInput(source: Source): string[] {
  const { path, probe, stream } = source;
  const { codec = '', video } = probe.streams[stream] ?? {};
  const beside = /^vp[89]$/.test(codec) && hasAlpha(video?.pixelFormat ?? '');
  return [
    ...(beside ? ['-c:v', codec === 'vp9' ? 'libvpx-vp9' : 'libvpx'] : []),
    ...steadyInput(source),
    ...inputArguments(path),
  ];
}
