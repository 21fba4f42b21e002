import type { Stream } from '../film/probe.ts';

/** The bit rate of Opus for each channel: 128 kbit/s in stereo, at which listeners hear no difference from the source. */
const OPUS_BITRATE_A_CHANNEL = 64_000;

/** Opus has up to 8 channels whose places players know. */
export const MOST_CHANNELS_IN_OPUS = 8;

/**
 * The layouts that Opus has (RFC 7845 5.1.1.2). ffmpeg takes for each sound the one that loses no channel of it: 2.1 becomes 5.1
 * with silent channels.
 */
const LAYOUTS = 'mono|stereo|3.0|quad|5.0|5.1|6.1|7.1';

/** Returns ffmpeg's arguments for Opus of all channels of a sound, behind these filters. */
export function opusArgs({ audio }: Stream, filters: readonly string[] = []): readonly string[] {
  const channels = Math.max(1, Math.min(audio?.channels ?? 2, MOST_CHANNELS_IN_OPUS));
  const filter = [...filters, `aformat=channel_layouts=${LAYOUTS}`].join(',');
  return ['libopus', '-b', `${OPUS_BITRATE_A_CHANNEL * channels}`, '-ar', '48000', '-filter', filter];
}
