import { frameBytes, RAW_FORMATS, type RawPixelFormat } from '../../core/film/raw-formats.ts';
import { formatRational, type Rational, reduced } from '../../core/units.ts';
import { crcOf, FILE_ID, FLAG, lengthPrefixed, packet, STARTCODE, signed, uint32, varint } from './nut-format.ts';

/** One stream of pictures, coded or raw. */
type NutVideo = {
  readonly width: number;
  readonly height: number;
  /** The codec's or pixel format's four characters, the first in the lowest byte. */
  readonly codecTag: number;
  /** The unit of PTS. ffmpeg keeps ticks in it exactly. */
  readonly timeBase: Rational;
  /** The value that ffmpeg uses as r_frame_rate; without it, ffmpeg guesses from the first frames. */
  readonly frameRate?: Rational | undefined;
  readonly sar?: Rational | undefined;
};

export type RawVideo = Omit<NutVideo, 'codecTag'> & { readonly pixelFormat: RawPixelFormat };

type NutWriter = {
  /** The file header, to be written once before all frames. */
  readonly header: Uint8Array;
  /**
   * The bytes to be written before a frame's own. Frames must come in ascending order of PTS, and no PTS may be below
   * 0.
   */
  frameHead(pts: number, data: Uint8Array): Uint8Array;
};

/**
 * Writes raw video as NUT for `ffmpeg -f nut -i pipe:0`. The bytes of frames are never copied: the caller writes the
 * head and then the data.
 */
export function nutWriter(video: RawVideo): NutWriter {
  const bytes = frameBytes(video.pixelFormat, video.width, video.height);
  const { header, frameHead } = packetWriter({ ...video, codecTag: RAW_FORMATS[video.pixelFormat].fourcc });
  return {
    header,
    frameHead(pts, data) {
      if (data.length !== bytes) throw new RangeError(`a frame has ${data.length} bytes instead of ${bytes}`);
      return frameHead(pts, data);
    },
  };
}

/** Writes frames of any length, each a keyframe, of one stream of pictures. */
export function packetWriter(video: NutVideo): NutWriter {
  const header = fileHeader(video);
  let position = header.length;
  let lastPosition = position;
  return {
    header,
    frameHead(pts, data) {
      if (!Number.isSafeInteger(pts) || pts < 0)
        throw new RangeError(`a frame's PTS must be 0 or more ticks, not ${pts}`);
      const codeAndSize = [0, ...varint(data.length)];
      const tail = [...codeAndSize, ...uint32(crcOf(Uint8Array.from(codeAndSize)))];
      const syncpoint = packet(STARTCODE.syncpoint, [
        ...varint(pts),
        ...varint(Math.floor((position - lastPosition) / 16)),
      ]);
      lastPosition = position;
      position += syncpoint.length + tail.length + data.length;
      const head = new Uint8Array(syncpoint.length + tail.length);
      head.set(syncpoint);
      head.set(tail, syncpoint.length);
      return head;
    },
  };
}

function fileHeader(video: NutVideo): Uint8Array {
  const packets = [packet(STARTCODE.main, mainHeader(video)), packet(STARTCODE.stream, streamHeader(video))];
  if (video.frameRate) packets.push(packet(STARTCODE.info, frameRateInfo(video.frameRate)));
  return Uint8Array.from([...FILE_ID, ...packets.flatMap((each) => [...each])]);
}

/**
 * A syncpoint before each frame sets the PTS, so that one frame code suffices: a key frame at the syncpoint's PTS, with
 * its size and a checksum, without which ffmpeg refuses frames above 128 KiB. All other codes are invalid.
 */
function mainHeader({ timeBase }: NutVideo): number[] {
  const { num, den } = reduced(timeBase);
  const version = 3;
  const maxDistance = 65_536;
  return [
    [version, 1, maxDistance].flatMap(varint),
    [1, num, den].flatMap(varint),
    frameCodes(FLAG.key | FLAG.sizeMsb | FLAG.checksum, 1),
    frameCodes(FLAG.invalid, 254), // all codes but the one above and 'N', which is never counted
    varint(0), // elision headers
  ].flat();
}

function frameCodes(flags: number, count: number): number[] {
  const fields = 6;
  const [ptsDelta, sizeMultiplier, streamId, sizeLsb, reserved] = [0, 1, 0, 0, 0];
  return [
    [flags, fields].flatMap(varint),
    signed(ptsDelta),
    [sizeMultiplier, streamId, sizeLsb, reserved, count].flatMap(varint),
  ].flat();
}

function streamHeader({ width, height, codecTag, sar }: NutVideo): number[] {
  const [streamId, video, timeBaseId, ptsShift, maxPtsDistance, decodeDelay, flags, privateBytes] = [
    0, 0, 0, 14, 1, 0, 0, 0,
  ];
  return [
    [streamId, video].flatMap(varint),
    [4, ...uint32(codecTag).reverse()],
    [timeBaseId, ptsShift, maxPtsDistance, decodeDelay, flags, privateBytes].flatMap(varint),
    [width, height, sar?.num ?? 0, sar?.den ?? 0].flatMap(varint),
    varint(0), // colour space: unknown
  ].flat();
}

function frameRateInfo(rate: Rational): number[] {
  const [streamPlusOne, chapter, start, length, items] = [1, 0, 0, 0, 1];
  return [
    varint(streamPlusOne),
    signed(chapter),
    [start, length, items].flatMap(varint),
    lengthPrefixed('r_frame_rate'),
    signed(-1), // a string follows
    lengthPrefixed(formatRational(rate)),
  ].flat();
}
