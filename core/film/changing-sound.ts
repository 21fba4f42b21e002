import type { AudioFacts, Probe, Stream } from './probe.ts';
import { AAC_RATES, aacChannels, adtsHeader, mpegAudioHeader } from './sound-headers.ts';
import type { SoundChange, SoundKind } from './sound-kind.ts';

/** How many bytes at a packet's beginning `soundKind` reads. */
export const KIND_BYTES = 8;

/** Returns the kind of a packet by its first bytes; undefined where they are no header of this codec. */
export function soundKind(codec: string, head: Uint8Array): SoundKind | undefined {
  if (head.length < KIND_BYTES) return undefined;
  const read = READERS[codec];
  return read?.(Array.from(head));
}

/** Whether each packet of a codec has a header with its format, so that it may change midway in a transport or program stream. */
export const saysItsKind = (codec: string): boolean => codec in READERS;

type Bytes = readonly number[];

const READERS: Readonly<Record<string, (bytes: Bytes) => SoundKind | undefined>> = {
  aac: kindInAdts,
  aac_latm: kindInLatm,
  mp2: kindInMpeg,
  mp3: kindInMpeg,
  ac3: kindInAc3,
  eac3: kindInAc3,
  s302m: kindInS302m,
};

/** Two sounds of one channel each, as broadcasts have two languages in one stream; decoders make a left and a right channel of them. */
const TWO_SOUNDS = 'dual mono';

/** Configuration 0 is told inside the packet, and broadcasts have two sounds by it. */
function kindInAdts(bytes: Bytes): SoundKind | undefined {
  const { sampleRate, configuration } = adtsHeader(bytes) ?? {};
  if (sampleRate === undefined || configuration === undefined) return undefined;
  return { ...(aacChannels(configuration) ?? { channels: 2, layout: TWO_SOUNDS }), sampleRate };
}

/**
 * LOAS with a description for one program of one layer (ISO/IEC 14496-3 1.7.2 and 1.7.3). Packets that refer to the description before them have
 * none of their own.
 */
function kindInLatm([sync = 0, second = 0, , third = 0, fourth = 0, fifth = 0, sixth = 0]: Bytes):
  | SoundKind
  | undefined {
  const refersBack = (third & 0x80) !== 0;
  const isUsual = third === 0x20 && fourth === 0x00;
  if (sync !== 0x56 || second >> 5 !== 0b111 || refersBack || !isUsual) return undefined;
  const [sampleRate, channels] = [AAC_RATES[((fifth & 7) << 1) | (sixth >> 7)], aacChannels((sixth >> 3) & 15)];
  return sampleRate && channels ? { ...channels, sampleRate } : undefined;
}

/** Whether packets of a codec may refer to the description in one before them. */
export const refersBack = (codec: string): boolean => codec === 'aac_latm';

function kindInMpeg(bytes: Bytes): SoundKind | undefined {
  const header = mpegAudioHeader(bytes);
  if (!header) return undefined;
  const { isMono, sampleRate } = header;
  return { channels: isMono ? 1 : 2, layout: isMono ? 'mono' : 'stereo', sampleRate };
}

/** By the mode of AC-3: the layout without and with low frequencies. */
const AC3_LAYOUTS = [
  ['stereo', '2.1'],
  ['mono', 'FC+LFE'],
  ['stereo', '2.1'],
  ['3.0', '3.1'],
  ['3.0(back)', 'FL+FR+LFE+BC'],
  ['4.0', '4.1'],
  ['quad(side)', 'FL+FR+LFE+SL+SR'],
  ['5.0(side)', '5.1(side)'],
] as const;
const AC3_CHANNELS = [2, 1, 2, 3, 3, 4, 4, 5] as const;
const AC3_RATES = [48_000, 44_100, 32_000] as const;
/** From this version on, a packet is one of E-AC-3. */
const FIRST_OF_EAC3 = 11;

/** AC-3 and E-AC-3 (ETSI TS 102 366 4.3.1 and E.1.2.1). */
function kindInAc3([first = 0, second = 0, , , fifth = 0, sixth = 0, seventh = 0, eighth = 0]: Bytes):
  | SoundKind
  | undefined {
  if (first !== 0x0b || second !== 0x77) return undefined;
  const [code, half] = [fifth >> 6, (fifth >> 4) & 3];
  if (sixth >> 3 >= FIRST_OF_EAC3) {
    const rate = code === 3 ? (AC3_RATES[half] ?? 0) / 2 : AC3_RATES[code];
    return kindOfAc3((fifth >> 1) & 7, (fifth & 1) === 1, rate);
  }
  const mode = seventh >> 5;
  // levels of mixing, each of two bits, lie between the mode and the bit of the low frequencies
  const levels = (mode & 1 && mode !== 1 ? 2 : 0) + (mode & 4 ? 2 : 0) + (mode === 2 ? 2 : 0);
  const bits = (seventh << 8) | eighth;
  return kindOfAc3(mode, ((bits >> (12 - levels)) & 1) === 1, AC3_RATES[code]);
}

function kindOfAc3(mode: number, hasLow: boolean, sampleRate: number | undefined): SoundKind | undefined {
  const [channels, layouts] = [AC3_CHANNELS[mode], AC3_LAYOUTS[mode]];
  if (!sampleRate || channels === undefined || !layouts) return undefined;
  return { channels: channels + (hasLow ? 1 : 0), layout: layouts[hasLow ? 1 : 0], sampleRate };
}

/** SMPTE 302M: four bytes with the size, the number of channels and the bits of a sample. */
function kindInS302m([, , third = 0, fourth = 0]: Bytes): SoundKind | undefined {
  const [pairs, bits] = [third >> 6, 16 + 4 * ((fourth >> 4) & 3)];
  const layout = ['stereo', 'quad', '5.1', '7.1'][pairs];
  return layout === undefined || bits > 24 ? undefined : { channels: 2 + 2 * pairs, layout, sampleRate: 48_000, bits };
}

/** Whether two packets are decoded alike. */
const isSame = (a: SoundKind, b: SoundKind): boolean =>
  a.layout === b.layout && a.sampleRate === b.sampleRate && a.bits === b.bits;

/** More changes than a day of programmes has are those of a broken file. */
const MOST_CHANGES = 10_000;

/**
 * Collects the kinds of a sound's packets. One packet alone is of no kind: its header may be damaged, and a recording may begin with the
 * rest of a packet.
 */
export function soundChanges() {
  const found: SoundChange[] = [];
  let waiting: SoundChange | undefined;
  return {
    add(kind: SoundKind | undefined, fromSeconds: number) {
      const last = found.at(-1);
      if (!kind || (last && isSame(last, kind))) {
        waiting = undefined;
        return;
      }
      if (!waiting || !isSame(waiting, kind)) waiting = { ...kind, fromSeconds };
      else if (found.length < MOST_CHANGES) {
        found.push(waiting);
        waiting = undefined;
      }
    },
    /** The kinds in order, of which none is that of the one before; fewer than two where it does not change. */
    found: (): readonly SoundChange[] => found,
  };
}

/** Returns the probe with sounds that change midway: their facts are then those of the kind that all of it is brought to. */
export function withSoundChanges(
  probe: Probe,
  surveys: readonly { readonly stream: number; readonly changes?: readonly SoundChange[] | undefined }[],
): Probe {
  const streams = probe.streams.map((stream) => {
    const changes = surveys.find((survey) => survey.stream === stream.index)?.changes ?? [];
    if (!stream.audio || stream.unusable || changes.length < 2) return stream;
    return { ...stream, audio: { ...stream.audio, ...broughtTo(stream.audio, changes), changes } };
  });
  return { ...probe, streams };
}

/** The most channels, the highest rate and the most bits, so that nothing of any part is thrown away. */
function broughtTo(audio: AudioFacts, changes: readonly SoundChange[]): Partial<AudioFacts> {
  const most = changes.reduce((best, each) => (each.channels > best.channels ? each : best));
  const bits = Math.max(...changes.map((each) => each.bits ?? 0));
  return {
    sampleRate: Math.max(audio.sampleRate, ...changes.map(({ sampleRate }) => sampleRate)),
    ...(most.channels > audio.channels && {
      channels: most.channels,
      channelLayout: most.layout === TWO_SOUNDS ? 'stereo' : most.layout,
    }),
    ...(bits > 16 && { sampleFormat: 's32', bits }),
  };
}

/** Returns in words what changes within a sound, as "its channels change midway (stereo, then 5.1)"; undefined where nothing does. */
export function changeInWords({ audio, codec }: Pick<Stream, 'audio' | 'codec'>): string | undefined {
  const { changes = [] } = audio ?? {};
  const differing = [
    { what: 'its channels change', values: changes.map(({ layout }) => layout) },
    { what: 'its sample rate changes', values: changes.map(({ sampleRate }) => `${sampleRate} Hz`) },
    { what: 'its depth changes', values: changes.map(({ bits = 0 }) => `${bits} bits`) },
  ].map(({ what, values }) => ({ what, values: [...new Set(values)] }));
  const told = differing.filter(({ values }) => values.length > 1);
  if (told.length === 0) return undefined;
  const words = told.map(({ what, values }) => `${what} midway (${values.join(', then ')})`).join(', and ');
  const isUntimed = refersBack(codec) && new Set(changes.map(({ sampleRate }) => sampleRate)).size > 1;
  return isUntimed ? `${words}, behind which packets of ${codec} have times that are up to 0.1 s off` : words;
}
