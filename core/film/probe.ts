import type { LastPacket } from '../bytes/opus-end.ts';
import type { Rational } from '../units.ts';
import type { Access } from './access.ts';
import type { ChangingColours } from './changing-colours.ts';
import type { ColourField } from './colour-codes.ts';
import type { DolbyVision } from './dolby-vision.ts';
import type { Emphasis } from './emphasis.ts';
import type { Size } from './frame-size.ts';
import type { SoundChange } from './sound-kind.ts';
import type { ShownTimecode } from './track-timecode.ts';

export type StreamType = 'video' | 'audio' | 'subtitle' | 'data' | 'attachment';

/** The properties of one stream that decisions are made by. */
export type Stream = {
  readonly index: number;
  readonly type: StreamType;
  readonly codec: string;
  /** The codecs parameter (RFC 6381); absent where the codec's configuration was not read. */
  readonly codecString?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly dispositions: readonly string[];
  /** Hash of the codec's private data, since equal packets decode differently with other parameter sets. */
  readonly extradataHash: string;
  readonly timeBase: Rational;
  readonly startSeconds: number | undefined;
  readonly durationSeconds: number | undefined;
  /** How many samples the tables of an MP4 or MOV have for it, those of its fragments not counted. For PCM these are samples of the sound. */
  readonly samples?: number | undefined;
  readonly video: VideoFacts | undefined;
  readonly audio: AudioFacts | undefined;
  /** What the program map of a transport stream says that it is (`stream_type`), where ffmpeg does not know. */
  readonly streamType?: number;
  /** Why the stream cannot be used; absent where it decodes. */
  readonly unusable?: Unusable;
  /** The byte range of a file in Matroska of which ffprobe makes no stream. */
  readonly hiddenAt?: { readonly start: number; readonly end: number };
  /** WebVTT as Matroska has it, a cue a block with its settings beside it (S_TEXT/WEBVTT), which ffmpeg does not know. */
  readonly webVttBlocks?: true;
  /** The texts of this track of an MP4 or MOV are the film's chapters, which ffprobe reads as such. */
  readonly holdsChapters?: true;
  /** Its texts are chapters, and ffprobe reads those of another track. */
  readonly chaptersUnread?: true;
};

export type Unusable = {
  readonly is: 'unknown' | 'undecodable' | 'empty' | 'encrypted';
  readonly why: string;
  /** Only a part of it is encrypted. */
  readonly inPart?: true;
};

export type AudioFacts = {
  readonly channels: number;
  readonly sampleRate: number;
  readonly sampleFormat: string;
  /** ffmpeg's name, as "5.1(side)"; undefined where the file does not say which channels it has. */
  readonly channelLayout?: string | undefined;
  /** The kinds of a sound that changes midway, in order. Channels, rate and bits are then what all of it is brought to. */
  readonly changes?: readonly SoundChange[];
  /** Bits of a sample, where the codec states them; a sample format of 32 bits often holds 24. */
  readonly bits?: number | undefined;
  /** ffprobe's name of the codec profile, as "DTS-HD MA". */
  readonly profile?: string | undefined;
  /** Treble that was raised when it was recorded, and that players lower. */
  readonly emphasis?: Emphasis;
  /** How many packets at its beginning are parts of a frame that begins before the file. */
  readonly partialPackets?: number;
  /** How much of its beginning a decoder leaves out, where the codec's header says so (Opus, RFC 7845 4.2). */
  readonly delaySeconds?: number;
  /** The last packet of Opus, where a part of it is an encoder's padding, as the container says. */
  readonly lastPacket?: LastPacket;
};

/** The size of a picture and the shape of its pixels. */
export type PictureShape = Size & { readonly sar: Rational };

/** Frames [start, end) of a film whose pixels have one shape. */
export type ShapedPart = { readonly start: number; readonly end: number; readonly sar: Rational };

/** What may change between the pictures of a film: size, pixel shape, ffmpeg's name of the pixel format, and the range. */
export type CodedPicture = PictureShape & { readonly pixelFormat: string; readonly range: 'pc' | 'tv' };

export type FieldOrder = 'progressive' | 'interlaced' | 'unknown';

export type VideoFacts = {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
  readonly sar: Rational;
  /** It is decoded as XYZ, as digital cinema is; `pixelFormat` is then the RGB that is made of it first. */
  readonly isXyz?: true;
  /** The kinds of a picture that changes midway, in order. Size, `sar`, `pixelFormat` and range are then what all are brought to. */
  readonly shapes?: readonly CodedPicture[];
  /** The parts of such a film, where the shape of pixels changes. */
  readonly shapedParts?: readonly ShapedPart[];
  /** How its colours change midway; absent where they stay. `colour` then has the tags of most keyframes. */
  readonly colours?: ChangingColours;
  /** The container's picture size, where it is not the size of the decoded pictures. */
  readonly stated?: Size;
  /** ffprobe's r_frame_rate, the lowest rate that can show every frame. It stays the same when a film is cut, unlike the average. */
  readonly baseFrameRate: Rational | undefined;
  readonly averageFrameRate: Rational | undefined;
  /** The rate at which its pictures follow each other evenly, where their times are counted by it since the container rounds them. */
  readonly evenRate?: Rational | undefined;
  readonly fieldOrder: FieldOrder;
  /** The container's word for the order of fields, where the codec has none of its own: "tt", "bb", "tb" or "bt". */
  readonly statedFields?: string | undefined;
  readonly colour: Colour;
  /** What the container says of the colours, where the pictures themselves say otherwise; absent where both agree. */
  readonly colourStated?: StatedColour;
  /** The matrix that the decoder gives the first picture, where it is another one than the stream's. */
  readonly decodedMatrix?: string;
  /** The colours are those of the container, and the decoder gives its pictures others or none. */
  readonly colourByContainer?: true;
  /** Fields of `colour` that players assume, and that neither the pictures nor their container state. */
  readonly colourAssumed?: readonly ColourField[];
  /** Fields for which there is a code that means nothing for this picture, and no other word; `colour` has nothing there. */
  readonly colourMeaningless?: readonly ColourField[];
  /** tkhd's matrix, nine 16.16/2.30 integers, where it is not the identity (ISO/IEC 14496-12 8.3.2). */
  readonly displayMatrix: readonly number[] | undefined;
  /** The first picture itself says how it is turned: as its container does, otherwise, or where the container says nothing. */
  readonly turnedInPictures?: 'likewise' | 'otherwise' | 'alone';
  /** The angles, in degrees anticlockwise, that keyframes say, where they do not all say that of the first picture. */
  readonly anglesInPictures?: readonly number[];
  /** How much the container stretches columns and lines: this was taken out of `displayMatrix` and `sar`. */
  readonly scaledBy?: { readonly across: number; readonly down: number };
  readonly hdr: HdrFacts;
  readonly isAttachedPicture: boolean;
  /** The stream has one picture and another stream has more, so it is a poster or thumbnail. */
  readonly isStill?: true;
  /** How two eyes lie in one picture, by ffprobe's name, as "side by side"; absent for a picture of one eye. */
  readonly packing?: string;
  /** The word for it that the pictures themselves have, beside their container. */
  readonly framePacking?: string;
  /** It has layers of HEVC above the one that is decoded. */
  readonly hasLayers?: true;
  /** The time code in the first picture itself, as MPEG-2's GOP headers have it; absent where it is zero. */
  readonly timecode?: string;
  /** ffprobe's name of the codec profile, as "High 4:4:4 Predictive"; undefined where it has none. */
  readonly profile?: string | undefined;
  /** The picture is H.264 that was coded without loss. Other lossless codecs are told by their names. */
  readonly isLossless?: true;
  /** CEA-608 or CEA-708 captions are carried inside the picture's packets. */
  readonly hasClosedCaptions: boolean;
  /** The closed captions that the program map of a transport stream names. */
  readonly namedCaptions?: readonly NamedCaptions[];
  /** The ids (UUID) of what cameras and programs say of single pictures in H.264 and HEVC; absent where they say nothing. */
  readonly userData?: readonly string[];
  /** Pictures say which part of them is to be seen on screens of other shapes (AFD). */
  readonly hasActiveFormat?: true;
};

/** Closed captions by their channel of CEA-608 ("CC1") or service of CEA-708 ("service 1"), and their language in three letters. */
export type NamedCaptions = { readonly channel: string; readonly language?: string };

/** What a container says of a picture's colours, by ffmpeg's names; nothing where it says nothing. */
export type StatedColour = Partial<Pick<Colour, ColourField | 'range'>> & {
  /** The fields that have a code without a meaning. */
  readonly meaningless?: readonly ColourField[];
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
  readonly dolbyVision: DolbyVision | undefined;
  readonly hdr10plus: boolean;
};

export type Probe = {
  readonly bytes: number;
  /** ffmpeg's demuxer name: "mov,mp4,m4a,3gp,3g2,mj2". */
  readonly format: string;
  readonly access: Access;
  readonly startSeconds: number;
  readonly durationSeconds: number | undefined;
  readonly streams: readonly Stream[];
  readonly chapters: number;
  /** The titles of the chapters of an MP4 or MOV. */
  readonly chapterTitles?: readonly string[];
  /** How many chapters the track of the chapters of an MP4 or MOV has; ffmpeg appends the rest of a longer list (`hasLongerList`). */
  readonly chaptersOfTrack?: number;
  /** ffmpeg has appended chapters of another, longer list. */
  readonly hasLongerList?: true;
  /** It is decoded by one thread: what several threads make of damage depends on which of them is first. */
  readonly byOneThread?: true;
  /** Some of its chapters have no title. */
  readonly hasUntitledChapters?: true;
  /** ffmpeg takes moments that a camera marked for chapters, too. */
  readonly hasMarkedMoments?: true;
  /** The names in small letters and the values of tags with several; `tags` has them in one text, with semicolons between. */
  readonly severalValues?: readonly (readonly [name: string, values: readonly string[]])[];
  /** The names of an FLV's cue points, for which no other container has a place. */
  readonly cuePoints?: readonly string[];
  /** The tags among `tags` that only the pictures tell: when, where and with what camera they were shot. */
  readonly toldByPictures?: Readonly<Record<string, string>>;
  /** What the first readable track of time code of an MP4 or MOV shows at the first picture. */
  readonly timecodeTrack?: ShownTimecode;
  readonly tags: Readonly<Record<string, string>>;
};

/** Whether each AAC packet has its own ADTS header, as in TS; MP4 and Matroska store one header for the whole stream. */
export const hasAdts = ({ codec, extradataHash }: Stream): boolean => codec === 'aac' && extradataHash === '';

/** How many bytes lie before the data of a packet that belong to it, where the demuxer tells the place of the data. */
export const bytesBeforePacket = ({ format }: Pick<Probe, 'format'>): number => (format === 'avi' ? 8 : 0);

/** Whether a file is Matroska or WebM. */
export const isMatroska = ({ format }: Pick<Probe, 'format'>): boolean => format.startsWith('matroska');

/** Whether a file is MP4 or QuickTime, whose streams are its tracks in order. */
export const isMovie = ({ format }: Pick<Probe, 'format'>): boolean => format.startsWith('mov');

/** Whether a sound is stored as its samples, without compression. */
export const isPcm = ({ codec }: Stream): boolean => codec.startsWith('pcm_');

/** Returns the stream that renditions are made from: the first moving picture that decodes. */
export const mainVideo = (probe: Probe): PictureStream | undefined =>
  pictureStreams(probe).find(({ video, unusable }) => !video.isStill && !unusable);

export type PictureStream = Stream & { readonly video: VideoFacts };

/** Returns all picture streams except cover art. */
export const pictureStreams = ({ streams }: Probe): readonly PictureStream[] =>
  streams.filter((stream): stream is PictureStream => Boolean(stream.video && !stream.video.isAttachedPicture));

/** The covers among the streams of a film. */
export const coversOf = ({ streams }: Pick<Probe, 'streams'>): readonly Stream[] =>
  streams.filter(
    ({ video, dispositions }) => video?.isAttachedPicture === true || dispositions.includes('attached_pic'),
  );
