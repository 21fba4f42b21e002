import type { Rational } from '../units.ts';
import type { Size } from './frame-size.ts';

export type StreamType = 'video' | 'audio' | 'subtitle' | 'data' | 'attachment';

/** One stream of a file, as far as decisions need it. */
export type Stream = {
  readonly index: number;
  readonly type: StreamType;
  readonly codec: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly dispositions: readonly string[];
  /** Hash of the codec's private data: equal packets under other parameter sets decode to other pictures. */
  readonly extradataHash: string;
  readonly timeBase: Rational;
  readonly startSeconds: number | undefined;
  readonly durationSeconds: number | undefined;
  readonly video: VideoFacts | undefined;
  readonly audio: AudioFacts | undefined;
  /** Why nothing can be made of it: no decoder knows it, none of it decodes, or it holds nothing. Absent where it decodes. */
  readonly unusable?: Unusable;
};

export type Unusable = { readonly is: 'unknown' | 'undecodable' | 'empty' | 'encrypted'; readonly why: string };

export type AudioFacts = {
  readonly channels: number;
  readonly sampleRate: number;
  readonly sampleFormat: string;
  /** ffmpeg's name, as "5.1(side)"; undefined where the file does not say which channels it has. */
  readonly channelLayout?: string | undefined;
  /** Of a sample, where the codec says: a format of 32 bits often holds 24. */
  readonly bits?: number | undefined;
  /** "DTS-HD MA", where ffprobe knows. */
  readonly profile?: string | undefined;
};

/** How large a picture is, and of what shape its pixels are. */
export type PictureShape = Size & { readonly sar: Rational };

export type FieldOrder = 'progressive' | 'interlaced' | 'unknown';

export type VideoFacts = {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
  readonly sar: Rational;
  /** Where pictures change midway: the shapes they have, in turn. Size and `sar` are then what all are brought to. */
  readonly shapes?: readonly PictureShape[];
  /** What the container says of their size, where the pictures themselves are of another. */
  readonly stated?: Size;
  /** ffprobe's r_frame_rate: the lowest rate that can show every frame. Never the average, which edits would change. */
  readonly baseFrameRate: Rational | undefined;
  readonly averageFrameRate: Rational | undefined;
  readonly fieldOrder: FieldOrder;
  readonly colour: Colour;
  /** tkhd's matrix, nine 16.16/2.30 integers, where it is not the identity (ISO/IEC 14496-12 8.3.2). */
  readonly displayMatrix: readonly number[] | undefined;
  readonly hdr: HdrFacts;
  readonly isAttachedPicture: boolean;
  /** It has one picture, and another stream has more: a poster or a thumbnail as a track of its own. */
  readonly isStill?: true;
  /** CEA-608/708 inside the pictures. */
  readonly hasClosedCaptions: boolean;
};

/** ffmpeg's names; undefined where the file says nothing. */
export type Colour = {
  readonly primaries: string | undefined;
  readonly transfer: string | undefined;
  readonly matrix: string | undefined;
  readonly range: 'tv' | 'pc' | undefined;
  readonly chromaLocation: string | undefined;
};

export type HdrFacts = {
  /** SMPTE ST 2086, in x265's notation: G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min). */
  readonly masterDisplay: string | undefined;
  /** CTA-861.3, "MaxCLL,MaxFALL" in cd/m². */
  readonly contentLight: string | undefined;
  readonly dolbyVision: string | undefined;
  readonly hdr10plus: boolean;
};

/** How the frames of a container can be reached. */
export type Access = 'indexed' | 'sequential';

export type Probe = {
  readonly bytes: number;
  /** ffmpeg's demuxer name: "mov,mp4,m4a,3gp,3g2,mj2". */
  readonly format: string;
  readonly access: Access;
  readonly startSeconds: number;
  readonly durationSeconds: number | undefined;
  readonly streams: readonly Stream[];
  readonly chapters: number;
  readonly tags: Readonly<Record<string, string>>;
};

/** AAC as TS and ADTS carry it: a header on each packet, which MP4 and Matroska keep once, aside. */
export const hasAdts = ({ codec, extradataHash }: Stream): boolean => codec === 'aac' && extradataHash === '';

export const isPcm = ({ codec }: Stream): boolean => codec.startsWith('pcm_');

/** The stream a rendition is made of: the first that is a moving picture, and decodes. */
export const mainVideo = (probe: Probe): PictureStream | undefined =>
  pictureStreams(probe).find(({ video, unusable }) => !video.isStill && !unusable);

export type PictureStream = Stream & { readonly video: VideoFacts };

/** All but cover art. */
export const pictureStreams = ({ streams }: Probe): readonly PictureStream[] =>
  streams.filter((stream): stream is PictureStream => Boolean(stream.video && !stream.video.isAttachedPicture));

/** The probe with what of its picture streams is a still: `pictures` has how many each holds. */
export function withStills(probe: Probe, pictures: ReadonlyMap<number, number>): Probe {
  const most = Math.max(0, ...pictures.values());
  const isStill = ({ index }: Stream) => most > 1 && (pictures.get(index) ?? most) <= 1;
  const streams = probe.streams.map((stream) =>
    stream.video && isStill(stream) ? { ...stream, video: { ...stream.video, isStill: true as const } } : stream,
  );
  return { ...probe, streams };
}
