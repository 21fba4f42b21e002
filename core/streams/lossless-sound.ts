import type { AudioFacts, Stream } from '../film/probe.ts';

/** Sound that decodes to the samples that were recorded, whatever decodes it. */
const LOSSLESS = /^(pcm_|s302m|tta|wavpack|mlp|truehd|ape|tak|shorten|alac|flac)/;

/** Deeper samples than these do not exist in these formats, even where the decoder hands out 32 bits. */
const AT_MOST_24_BITS = /^(pcm_([su](8|16|24)|mulaw|alaw|dvd|bluray)|s302m|mlp|truehd|alac|flac)/;

/** Bits of a sample of lossless sound, 64 for floating point; undefined where the codec loses some anyway. */
export function losslessBits({ codec, audio }: Stream): number | undefined {
  const isExact = LOSSLESS.test(codec) || /^DTS-HD MA/.test(audio?.profile ?? '');
  if (!isExact || !audio) return undefined;
  if (/^(u8|s16)p?$/.test(audio.sampleFormat)) return 16;
  if (!/^s32p?$/.test(audio.sampleFormat)) return 64;
  return audio.bits || (AT_MOST_24_BITS.test(codec) ? 24 : 32);
}

/** ffmpeg's ALAC mixes every other layout into one of these, and says nothing. The two with side channels keep every sample. */
const ALAC_LAYOUTS = new Set('mono stereo 3.0 4.0 5.0 5.0(side) 5.1 5.1(side) 6.1(back) 7.1(wide)'.split(' '));
/** FLAC takes any, and means these: the low frequencies of 2.1 would come out of the centre. */
const FLAC_LAYOUTS = new Set('mono stereo 3.0 quad 5.0 5.0(side) 5.1 5.1(side) 6.1 7.1'.split(' '));

/** What holds the samples of this sound in MP4, channel for channel; undefined where nothing does. */
export function exactInMp4(stream: Stream): 'alac' | 'flac' | undefined {
  const bits = losslessBits(stream);
  if (bits === undefined || bits > 24 || !stream.audio) return undefined;
  return holderOf(stream.audio);
}

/** What in MP4 has room for these channels and calls them right. */
export function holderOf(audio: AudioFacts): 'alac' | 'flac' | undefined {
  const layout = layoutOf(audio);
  if (ALAC_LAYOUTS.has(layout)) return 'alac';
  return FLAC_LAYOUTS.has(layout) ? 'flac' : undefined;
}

/** Where a file says nothing, ffmpeg takes it for the usual layout of so many channels. */
export const layoutOf = ({ channelLayout, channels }: AudioFacts): string =>
  channelLayout ?? USUAL_LAYOUTS[channels] ?? `${channels} channels`;

const USUAL_LAYOUTS: Readonly<Record<number, string>> = {
  ...{ 1: 'mono', 2: 'stereo', 3: '2.1', 4: '4.0' },
  ...{ 5: '5.0', 6: '5.1', 7: '6.1', 8: '7.1' },
};

/** PCM as deep as the source is, up to 24 bits: what lossy codecs decode to says nothing of how deep they are. */
export function pcmFor(stream: Stream): {
  readonly encoder: 'pcm_s16le' | 'pcm_s24le';
  readonly isExact: boolean;
  /** A part of a sentence, empty where nothing is lost. */
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

/** What a sound has beside its channels, which no decoder here gives out; undefined for most. */
export function objectsOf({ audio }: Stream): string | undefined {
  const profile = audio?.profile ?? '';
  if (/Atmos/.test(profile)) return 'Dolby Atmos';
  return /DTS:X/.test(profile) ? 'DTS:X' : undefined;
}

/** A part of a sentence about sound that is decoded and written anew; empty where that says all. */
export function lostObjects(stream: Stream): string {
  const objects = objectsOf(stream);
  return objects === undefined ? '' : `; the objects of ${objects} are lost, its channels are kept`;
}
