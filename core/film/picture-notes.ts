import {
  annexBUnits,
  inSample,
  type SeiMessage,
  sampleUnits,
  seiMessages,
  seiPayload,
  withEscapes,
  withoutEscapes,
} from '../bytes/nal-units.ts';
import { FRAME_PACKING, type FramePacking, framePackingOf, framePackingOfUserData } from './frame-packing.ts';
import { userDataId } from './user-data.ts';

/** What a bitstream says of single pictures for those who show them, and encoders leave out: it travels in each picture's packet. */
export const NOTE_KINDS = ['dolbyVision', 'hdr10plus', 'captions', 'userData', 'framePacking', 'activeFormat'] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];

/** The notes of one picture as NAL units of HEVC, without start code or length. */
export type PictureNotes = Readonly<Record<NoteKind, readonly Buffer[]>>;

/** The codecs whose packets can be read, by ffprobe's names. */
export const CODECS_WITH_NOTES: ReadonlySet<string> = new Set(['hevc', 'h264', 'mpeg2video']);

const NO_NOTES: PictureNotes = {
  ...{ dolbyVision: [], hdr10plus: [], captions: [] },
  ...{ userData: [], framePacking: [], activeFormat: [] },
};
/** NAL units of HEVC (H.265 table 7-1); Dolby Vision puts its RPU into a type that the standard leaves open. */
const UNIT = { firstNonPicture: 32, prefixSei: 39, rpu: 62 };
const H264_SEI = 6;
const USER_DATA_ITU_T35 = 4;
const MPEG2_USER_DATA = 0xb2;

/** Returns the notes of one packet of Annex B bytes, or of MPEG-2. */
export function notesIn(packet: Buffer, codec: string): PictureNotes {
  let notes = NO_NOTES;
  for (const unit of annexBUnits(packet)) notes = added(notes, notesOfUnit(unit, codec));
  return notes;
}

/**
 * Returns a sample of HEVC in MP4 with these notes instead of its own of these kinds: messages before its first slice, Dolby
 * Vision's behind its last.
 */
export function withNotes(sample: Buffer, notes: PictureNotes, kinds: readonly NoteKind[]): Buffer {
  const isReplaced = (unit: Buffer) => kinds.some((kind) => notesOfUnit(unit.subarray(4), 'hevc')[kind].length > 0);
  const all = [...sampleUnits(sample)];
  if (all.reduce((sum, unit) => sum + unit.length, 0) !== sample.length) return sample; // what is not understood stays
  const units = all.filter((unit) => !isReplaced(unit));
  const slice = units.findIndex((unit) => typeOf(unit.subarray(4)) < UNIT.firstNonPicture);
  const first = slice < 0 ? units.length : slice;
  const messages = kinds.flatMap((kind) => (kind === 'dolbyVision' ? [] : notes[kind])).map(inSample);
  const behind = kinds.includes('dolbyVision') ? notes.dolbyVision.map(inSample) : [];
  return Buffer.concat([...units.slice(0, first), ...messages, ...units.slice(first), ...behind]);
}

const added = (all: PictureNotes, more: PictureNotes): PictureNotes =>
  more === NO_NOTES
    ? all
    : {
        dolbyVision: [...all.dolbyVision, ...more.dolbyVision],
        hdr10plus: [...all.hdr10plus, ...more.hdr10plus],
        captions: [...all.captions, ...more.captions],
        userData: [...all.userData, ...more.userData],
        framePacking: [...all.framePacking, ...more.framePacking],
        activeFormat: [...all.activeFormat, ...more.activeFormat],
      };

function notesOfUnit(unit: Buffer, codec: string): PictureNotes {
  if (unit.length < 3) return NO_NOTES;
  if (codec === 'mpeg2video') return unit[0] === MPEG2_USER_DATA ? noteOfUserData(unit.subarray(1)) : NO_NOTES;
  if (codec === 'h264')
    return ((unit[0] ?? 0) & 31) === H264_SEI ? notesOfSei(withoutEscapes(unit.subarray(1)), codec) : NO_NOTES;
  if (isOfLayer(unit)) return NO_NOTES;
  if (typeOf(unit) === UNIT.rpu) return { ...NO_NOTES, dolbyVision: [unit] };
  return typeOf(unit) === UNIT.prefixSei ? notesOfSei(withoutEscapes(unit.subarray(2)), codec) : NO_NOTES;
}

const typeOf = (unit: Buffer) => ((unit[0] ?? 0) >> 1) & 63;
/** Whether a unit belongs to a layer above the base, as a second eye's. */
const isOfLayer = (unit: Buffer) => (((unit[0] ?? 0) & 1) << 5) + ((unit[1] ?? 0) >> 3) > 0;

function notesOfSei(bytes: Buffer, codec: string): PictureNotes {
  let notes = NO_NOTES;
  for (const message of seiMessages(bytes)) {
    const packed = framePackingOf(message, codec);
    if (packed) notes = added(notes, noteOfPacking(packed));
    const kind = kindOf(message);
    if (kind) notes = added(notes, { ...NO_NOTES, [kind]: [seiUnit(message)] });
  }
  return notes;
}

/** An SEI of its own for one message: HEVC's unit of type 39, of the base layer. */
const seiUnit = (message: SeiMessage): Buffer =>
  Buffer.concat([Buffer.from([UNIT.prefixSei << 1, 1]), withEscapes(seiPayload(message))]);

const kindOf = (message: SeiMessage): NoteKind | undefined => {
  if (message.type === USER_DATA_ITU_T35) return kindOfT35(message.payload);
  return userDataId(message) === undefined ? undefined : 'userData';
};

/** The head of a message by ITU-T T.35: the United States, a provider, and what the provider says that it is. */
const T35 = {
  hdr10plus: Buffer.from('b5003c000104', 'hex'), // Samsung, application 4 of SMPTE ST 2094-40
  captions: Buffer.from('b500314741393403', 'hex'), // ATSC, "GA94", cc_data (ATSC A/53 part 4)
  activeFormat: Buffer.from('b5003144544731', 'hex'), // ATSC, "DTG1", afd_data (ETSI TS 101 154 annex B)
};

const kindOfT35 = (payload: Buffer): NoteKind | undefined =>
  (['hdr10plus', 'captions', 'activeFormat'] as const).find((kind) =>
    payload.subarray(0, T35[kind].length).equals(T35[kind]),
  );

const ATSC = 3;

const noteOfPacking = ({ inHevc }: FramePacking): PictureNotes =>
  inHevc ? { ...NO_NOTES, framePacking: [seiUnit({ type: FRAME_PACKING, payload: inHevc })] } : NO_NOTES;

/**
 * Whether what a picture says of two eyes holds for it alone, for those behind it up to the next that says something, or ends
 * what held; undefined where it says nothing of them.
 */
export function packingHolds({ framePacking: [unit] }: PictureNotes): FramePacking['holds'] | undefined {
  const [message] = unit ? seiMessages(withoutEscapes(unit.subarray(2))) : [];
  return message && framePackingOf(message, 'hevc')?.holds;
}

/** The captions of MPEG-2 (ATSC A/53 part 4, 6.2.3), as HEVC holds them: with the head of ITU-T T.35; its active format; and how two eyes lie. */
function noteOfUserData(data: Buffer): PictureNotes {
  const packed = framePackingOfUserData(data);
  if (packed) return noteOfPacking(packed);
  const format = activeFormatIn(data);
  if (format) return { ...NO_NOTES, activeFormat: [seiUnit({ type: USER_DATA_ITU_T35, payload: format })] };
  const head = T35.captions.subarray(ATSC);
  if (!data.subarray(0, head.length).equals(head)) return NO_NOTES;
  const pairs = (data[head.length] ?? 0) & 31;
  const end = head.length + 2 + 3 * pairs;
  const whole = Buffer.concat([T35.captions.subarray(0, ATSC), data.subarray(0, end), Buffer.from([255])]);
  return data.length < end
    ? NO_NOTES
    : { ...NO_NOTES, captions: [seiUnit({ type: USER_DATA_ITU_T35, payload: whole })] };
}

const HAS_FORMAT = 0x40;

/** Which part of a picture of MPEG-2 is to be seen (ETSI TS 101 154 B.3): a byte of flags, and one of the format where they say so. */
function activeFormatIn(data: Buffer): Buffer | undefined {
  const head = T35.activeFormat.subarray(ATSC);
  const end = head.length + (((data[head.length] ?? 0) & HAS_FORMAT) === 0 ? 1 : 2);
  if (data.length < end || !data.subarray(0, head.length).equals(head)) return undefined;
  return Buffer.concat([T35.activeFormat.subarray(0, ATSC), data.subarray(0, end)]);
}
