import { newElement, textElement, uintElement } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { AAC_RATES, aacChannels } from './sound-headers.ts';

/** A tag of an FLV (FLV 10.1, E.4): what it holds, and when, in milliseconds. */
export type FlvTag = { readonly kind: 'picture' | 'sound' | 'script'; readonly ms: number; readonly body: Buffer };

/** What a tag says: how its codec is to be decoded, or a packet, which is shown so much later than the time of its tag. */
type FlvPacket = {
  readonly codec: string;
  readonly data: Buffer;
  readonly isSetup: boolean;
  readonly laterMs?: number;
  readonly isKey?: boolean;
};

/** The names of codecs in Matroska (RFC 9559 and its codec mappings), by the FourCC of Enhanced RTMP 2. */
const PICTURES: Readonly<Record<string, string>> = {
  hvc1: 'V_MPEGH/ISO/HEVC',
  avc1: 'V_MPEG4/ISO/AVC',
  av01: 'V_AV1',
  vp08: 'V_VP8',
  vp09: 'V_VP9',
};
const SOUNDS: Readonly<Record<string, string>> = {
  mp4a: 'A_AAC',
  '.mp3': 'A_MPEG/L3',
  Opus: 'A_OPUS',
  fLaC: 'A_FLAC',
  'ac-3': 'A_AC3',
  'ec-3': 'A_EAC3',
};
/** HEVC as some services of China number it, beside H.264 (7). */
const NUMBERED_PICTURES: Readonly<Record<number, string>> = { 7: 'V_MPEG4/ISO/AVC', 12: 'V_MPEGH/ISO/HEVC' };
const NUMBERED_SOUNDS: Readonly<Record<number, string>> = { 2: 'A_MPEG/L3', 10: 'A_AAC', 14: 'A_MPEG/L3' };
const AAC = 10;
/** The third form of packet is one that is shown at the time of its tag. */
const [SETUP, PACKET, END, METADATA] = [0, 1, 2, 4];
const COMMAND = 5;
const KEYFRAME = 1;
const EXTENDED_SOUND = 9;

type SaidByTag = FlvPacket | 'nothing' | undefined;

/** Reads a tag of pictures; undefined where it is of a form that is not known here, and `nothing` where it holds no packet. */
function pictureOf(body: Buffer): SaidByTag {
  const [first = 0, second = 0] = body;
  const isKey = ((first >> 4) & 7) === KEYFRAME;
  if (body.length === 0 || ((first >> 4) & 7) === COMMAND) return 'nothing';
  if (!isExtended(body)) {
    const codec = NUMBERED_PICTURES[first & 15];
    if (codec === undefined || body.length < 5) return undefined;
    if (second === END) return 'nothing';
    const laterMs = second === PACKET ? body.readIntBE(2, 3) : 0;
    return { codec, data: body.subarray(5), isSetup: second === SETUP, laterMs, isKey };
  }
  const codec = PICTURES[body.toString('latin1', 1, 5)];
  const form = first & 15;
  if (codec === undefined || form > METADATA) return undefined;
  if (form === END || form === METADATA) return 'nothing';
  const isLater = form === PACKET && codec.includes('/ISO/');
  if (isLater && body.length < 8) return undefined;
  const laterMs = isLater ? body.readIntBE(5, 3) : 0;
  return { codec, data: body.subarray(isLater ? 8 : 5), isSetup: form === SETUP, laterMs, isKey };
}

/** Whether a tag of pictures says its codec by four letters (Enhanced RTMP 1, "Enhanced Video"). */
const isExtended = ([first = 0]: Buffer): boolean => (first & 0x80) !== 0;

function soundOf(body: Buffer): SaidByTag {
  const [first = 0, second = 0] = body;
  const number = first >> 4;
  if (body.length < 2) return 'nothing';
  if (number !== EXTENDED_SOUND) {
    const codec = NUMBERED_SOUNDS[number];
    if (codec === undefined) return undefined;
    return number === AAC
      ? { codec, data: body.subarray(2), isSetup: second === SETUP }
      : { codec, data: body.subarray(1), isSetup: false };
  }
  const codec = SOUNDS[body.toString('latin1', 1, 5)];
  const form = first & 15;
  if (codec === undefined || form > METADATA) return undefined;
  if (form === END || form === METADATA) return 'nothing';
  return { codec, data: body.subarray(5), isSetup: form === SETUP };
}

/** A track, as Matroska describes it. */
type FlvTrack = { readonly codec: string; readonly setup: Buffer | undefined };

/** An FLV whose codecs are newer than the format. */
export type NewFlv = { readonly picture: FlvTrack; readonly sound: FlvTrack | undefined };

/** Collects what the tags of an FLV say of its tracks. */
export function newFlvReader() {
  const tracks: { picture?: FlvTrack; sound?: FlvTrack } = {};
  let isNew: boolean | undefined;
  let isClear = true;
  return {
    /** Takes the next tag. Returns false as soon as it is known that the film is of H.264 or older, or that not all of it can be told. */
    add({ kind, body }: FlvTag): boolean {
      if (kind === 'script') return isClear;
      const said = kind === 'picture' ? pictureOf(body) : soundOf(body);
      if (said === undefined) isClear = false;
      else if (said !== 'nothing') {
        const before = tracks[kind];
        const setup = said.isSetup ? said.data : before?.setup;
        isClear &&=
          before === undefined || (before.codec === said.codec && (before.setup?.equals(setup ?? NONE) ?? true));
        tracks[kind] = { codec: said.codec, setup };
        if (kind === 'picture') isNew ??= isExtended(body) || (body.readUInt8(0) & 15) === 12;
      }
      isClear &&= isNew !== false;
      return isClear;
    },
    found: (): NewFlv | undefined =>
      isClear && isNew && tracks.picture ? { picture: tracks.picture, sound: tracks.sound } : undefined,
  };
}

const NONE = Buffer.alloc(0);
const [PICTURE, SOUND] = [1, 2];
const UNKNOWN_SIZE = Buffer.from('01ffffffffffffff', 'hex');
const SEGMENT_ID = Buffer.from('18538067', 'hex');
const MILLISECOND = 1_000_000;

/** The beginning of a Matroska of unknown length for the tracks of an FLV. Times are counted in milliseconds in both. */
export function matroskaHead({ picture, sound }: NewFlv): Buffer {
  const header = newElement(MKV.EBML, textElement(MKV.DocType, 'matroska'));
  const info = newElement(MKV.Info, uintElement(MKV.TimestampScale, MILLISECOND));
  const tracks = newElement(MKV.Tracks, track(PICTURE, picture), ...(sound ? [track(SOUND, sound)] : []));
  return Buffer.concat([header, SEGMENT_ID, UNKNOWN_SIZE, info, tracks]);
}

const track = (number: number, { codec, setup }: FlvTrack): Buffer =>
  newElement(
    MKV.TrackEntry,
    ...[uintElement(MKV.TrackNumber, number), uintElement(MKV.TrackUID, number), uintElement(MKV.TrackType, number)],
    textElement(MKV.CodecID, codec),
    ...(setup && !codec.startsWith('V_VP') ? [newElement(MKV.CodecPrivate, setup)] : []),
    ...(codec === 'A_AAC' && setup && setup.length >= 2 ? [aacFormat(setup)] : []),
  );

/** What a description of AAC (ISO/IEC 14496-3 1.6.2.1) says of the rate and the channels. */
function aacFormat(setup: Buffer): Buffer {
  const said = setup.readUInt16BE(0);
  const rate = Buffer.alloc(8);
  rate.writeDoubleBE(AAC_RATES[(said >> 7) & 15] ?? 0);
  const { channels = 0 } = aacChannels((said >> 3) & 15) ?? {};
  return rate.readDoubleBE(0) > 0 && channels > 0
    ? newElement(MKV.Audio, newElement(MKV.SamplingFrequency, rate), uintElement(MKV.Channels, channels))
    : NONE;
}

/** Returns a packet as a cluster of Matroska; nothing for a tag without one. */
export function clusterOf({ kind, ms, body }: FlvTag): Buffer {
  const said = kind === 'script' ? 'nothing' : kind === 'picture' ? pictureOf(body) : soundOf(body);
  if (said === undefined || said === 'nothing' || said.isSetup || said.data.length === 0) return NONE;
  const head = Buffer.from([0x80 | (kind === 'picture' ? PICTURE : SOUND), 0, 0, said.isKey === false ? 0 : 0x80]);
  const block = newElement(MKV.SimpleBlock, head, said.data);
  return newElement(MKV.Cluster, uintElement(MKV.ClusterTimestamp, Math.max(0, ms + (said.laterMs ?? 0))), block);
}
