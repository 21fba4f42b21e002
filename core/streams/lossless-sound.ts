import type { AudioFacts, Stream } from '../film/probe.ts';

/** Codecs that decode to the recorded samples with any decoder. */
const LOSSLESS = /^(pcm_|s302m|tta|wavpack|mlp|truehd|ape|tak|shorten|alac|flac)/;

/** Codecs whose samples have at most 24 bits, even where the decoder returns 32. */
const AT_MOST_24_BITS = /^(pcm_([su](8|16|24)|mulaw|alaw|dvd|bluray)|s302m|mlp|truehd|alac|flac)/;

/** Returns the bits of a sample of lossless sound, 64 for floating point; undefined for a lossy codec. */
export function losslessBits({ codec, audio }: Stream): number | undefined {
  const isExact = LOSSLESS.test(codec) || /^DTS-HD MA/.test(audio?.profile ?? '');
  if (!isExact || !audio) return undefined;
  if (/^(u8|s16)p?$/.test(audio.sampleFormat)) return 16;
  if (!/^s32p?$/.test(audio.sampleFormat)) return 64;
  return audio.bits || (AT_MOST_24_BITS.test(codec) ? 24 : 32);
}

/** ffmpeg's ALAC encoder mixes every other layout into one of these without a warning. The two with side channels keep every sample. */
const ALAC_LAYOUTS = new Set('mono stereo 3.0 4.0 5.0 5.0(side) 5.1 5.1(side) 6.1(back) 7.1(wide)'.split(' '));
/** FLAC encodes any layout but stores only these; the low frequencies of 2.1 would come out of the centre. */
const FLAC_LAYOUTS = new Set('mono stereo 3.0 quad 5.0 5.0(side) 5.1 5.1(side) 6.1 7.1'.split(' '));

/** Returns the codec that holds the samples of this sound in MP4, channel for channel; undefined where none does. */
export function exactInMp4(stream: Stream): 'alac' | 'flac' | undefined {
  const bits = losslessBits(stream);
  if (bits === undefined || bits > 24 || !stream.audio) return undefined;
  return losslessCodecFor(stream.audio);
}

/** Returns MP4's lossless codec that stores this channel layout under its right name; undefined where none does. */
export function losslessCodecFor(audio: AudioFacts): 'alac' | 'flac' | undefined {
  const layout = layoutOf(audio);
  if (ALAC_LAYOUTS.has(layout)) return 'alac';
  return FLAC_LAYOUTS.has(layout) ? 'flac' : undefined;
}

/** Returns the channel layout; where the file states none, the one that ffmpeg assumes for that many channels. */
export const layoutOf = ({ channelLayout, channels }: AudioFacts): string =>
  channelLayout ?? USUAL_LAYOUTS[channels] ?? `${channels} channels`;

/** The layout that ffmpeg assumes for a number of channels, where nothing says which they are. */
export const USUAL_LAYOUTS = [undefined, 'mono', 'stereo', '2.1', '4.0', '5.0', '5.1', '6.1', '7.1'] as const;

/** Returns PCM with the source's depth, up to 24 bits. Decoded lossy sound has no depth of its own and mostly gets 16 bits. */
export function pcmFor(stream: Stream): {
  readonly encoder: 'pcm_s16le' | 'pcm_s24le';
  readonly isExact: boolean;
  /** The end of a sentence that names the loss; empty where nothing is lost. */
  readonly loses: string;
} {
  const known = losslessBits(stream);
  const bits = known ?? (/^(s32|s64|dbl)p?$/.test(stream.audio?.sampleFormat ?? '') ? 24 : 16);
  const depth = bits === 64 ? 'floating point' : `${bits} bits`;
  return {
    encoder: bits > 16 ? 'pcm_s24le' : 'pcm_s16le',
    isExact: known !== undefined && bits <= 24,
    loses: bits > 24 ? `, its ${depth} rounded to 24 bits` : '',
  };
}

/** Returns the name of a sound's object format, whose objects no decoder here returns; undefined for sound without objects. */
export function objectsOf({ audio }: Stream): string | undefined {
  const profile = audio?.profile ?? '';
  if (/Atmos/.test(profile)) return 'Dolby Atmos';
  return /DTS:X/.test(profile) ? 'DTS:X' : undefined;
}

/** Returns the end of a sentence that says which objects decoding loses; empty for sound without objects. */
export function lostObjects(stream: Stream): string {
  const objects = objectsOf(stream);
  return objects === undefined ? '' : `; the objects of ${objects} are lost, its channels are kept`;
}

/** Whether the channels are listed, as in "8 channels (FL+FR+FC+LFE+SL+SR+BL+BR)": from version 7.1 on, ffmpeg reads MOV so, and converts none of it. */
export const hasListedChannels = ({ channelLayout = '' }: AudioFacts): boolean =>
  /^\d+ channels \(/.test(channelLayout);
