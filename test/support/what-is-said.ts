import { newBox } from '../../core/bytes/boxes.ts';
import { newElement, textElement, uintElement } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import type { EncodeSpec } from '../../core/codecs/encode-spec.ts';
import { trackLosses } from '../../core/description/matroska-losses.ts';
import type { MetadataFate } from '../../core/description/metadata.ts';
import { movieChapterFates } from '../../core/description/movie-chapters.ts';
import type { TrackHeader } from '../../core/description/movie-headers.ts';
import { neroFates } from '../../core/description/nero-chapters.ts';
import { planMetadata } from '../../core/encode/carried-metadata.ts';
import { emphasisFates } from '../../core/encode/emphasis-told.ts';
import { planHeaders } from '../../core/encode/plan-headers.ts';
import { noteFates, planNotes } from '../../core/encode/plan-notes.ts';
import { roleFates } from '../../core/encode/role-fates.ts';
import type { Emphasis } from '../../core/film/emphasis.ts';
import type { VideoFacts } from '../../core/film/probe.ts';
import type { Container } from '../../core/settings/delivery.ts';
import { type FilmTimecode, timecodeFates } from '../../core/streams/timecode.ts';
import { aProbe, aStream, aVideo } from '../fixtures/probes.ts';
import { aSpec } from '../fixtures/specs.ts';

type Line = MetadataFate | undefined;

const SPEC = aSpec();
const { codec: _, preset: __, keyframeEvery: ___, ...common } = SPEC;
const IN_AV1: EncodeSpec = {
  ...common,
  codec: 'svt-av1',
  quality: { crf: 31 },
  preset: 8,
  keyframeEvery: 240,
};
const SAYING: FilmTimecode = { timecode: '01:02:03:04', reel: 'A001', from: 'pictures', others: [] };

/** Nero's list of three chapters of one second each, without titles. */
const LIST_OF_THREE = Buffer.concat([
  Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 3]),
  ...[0, 1, 2].map((seconds) => {
    const entry = Buffer.alloc(9);
    entry.writeBigUInt64BE(BigInt(seconds * 10_000_000));
    return entry;
  }),
]);
const NERO = [{ place: 'movie', type: 'udta', bytes: newBox('udta', newBox('chpl', LIST_OF_THREE)) }] as const;

/** What a film says outside of tags and boxes: what stands in its pictures, and in the tables of a broadcast. */
export const SAID: readonly (readonly [string, (delivery: 'archive' | 'edit', container: Container) => Line])[] = [
  [
    'a time code in the file or in its pictures (MXF, MPEG-2, H.264, HEVC)',
    (_, container) => timecodeFates(SAYING, { written: '01:02:03:04', container, retimed: false })[0],
  ],
  [
    'the name of the reel or card',
    (_, container) => timecodeFates(SAYING, { written: '01:02:03:04', container, retimed: false })[1],
  ],
  [
    'user data in the pictures of H.264 and HEVC (a UUID of its own)',
    (delivery, container) => ofPictures({ userData: ['086f'] }, delivery, container),
  ],
  [
    'two eyes, as the pictures of H.264, HEVC and MPEG-2 tell it (frame packing)',
    (delivery, container) => ofPictures({ packing: 'side by side', framePacking: 'side by side' }, delivery, container),
  ],
  [
    'the active format description (AFD) in the pictures of H.264, HEVC and MPEG-2',
    (delivery, container) => ofPictures({ hasActiveFormat: true }, delivery, container),
  ],
  ['Matroska: the emphasis of a sound', (_, container) => ofEmphasis({ number: 1, isInPackets: false }, container)],
  ['Matroska: what lies beside its packets (HDR10+ of VP9 and AV1)', () => ofEntry(BESIDE_PACKETS)],
  ['Matroska: the name of a codec', () => ofEntry(textElement(MKV.CodecName, 'x'))],
  ['Matroska: a track that stands for others', () => ofEntry(uintElement(MKV.TrackOverlay, 2))],
  ['the emphasis of MPEG audio', (_, container) => ofEmphasis({ number: 1, isInPackets: true }, container)],
  [
    'when a transport stream was broadcast (TDT, TOT)',
    (_, container) => ofTags({ broadcast_time: '2019-08-07T06:05:04Z' }, container),
  ],
  ['the network of a transport stream (NIT)', (_, container) => ofTags({ network_name: 'One' }, container)],
  ['the service of a transport stream', (_, container) => ofTags({ service_name: 'One' }, container)],
  ...(
    [
      ['the volume of a track', 'volume'],
      ['the balance of a track', 'balance'],
      ['tracks that stand for each other (alternate group)', 'alternate group'],
      ['when a track was made, if not with its film', 'creation_time'],
      ['when the film was last changed', 'modification_time'],
      ['the name of the handler of a track ("GoPro AAC")', 'handler_name'],
    ] as const
  ).map(([thing, name]) => [`MP4: ${thing}`, (_: unknown, container: Container) => ofHeader(name, container)] as const),
  ['MP4: which of several pictures is in front (layer)', (_, container) => ofSecond({ layer: -1 }, container)],
  ['MP4: where a further picture stands', (_, container) => ofSecond({ at: { left: 70, top: 40 } }, container)],
  [
    'which streams the programs of a transport stream have',
    (_, container) => ofTags({ 'program_streams/2': '3, 4' }, container),
  ],
  [
    'a second language of a sound (transport stream)',
    (_, container) => ofTags({}, container, { second_language: 'fra' }),
  ],
  ["an MXF's ids of packages (UMID)", (_, container) => ofTags({}, container, { file_package_umid: '0x06' })],
  ['which program wrote an MXF', (_, container) => ofTags({ product_name: 'OP1a Muxer' }, container)],
  ['firmware of a camera in AVI (`ISFT`)', (_, container) => ofTags({ encoder: 'CanonMVI06' }, container, {}, 'avi')],
  [
    'where AVCHD was shot, as its pictures tell it',
    (_, container) => ofTags({ location: '+48.858333+002.294444+35.500/' }, container, {}, 'mpegts'),
  ],
  [
    'when DV was recorded, as its packs tell it',
    (_, container) => ofTags({ 'com.apple.quicktime.creationdate': '2003-04-05T06:07:08' }, container, {}, 'dv'),
  ],
  [
    'MP4: what tracks are to each other (`fall`, `folw`, `forc` ...)',
    (_, container) => ofTrack({ references: [{ type: 'fall', tracks: [1] }] }, container),
  ],
  ['MP4: an edit list that plays a part at another speed', (_, container) => ofTrack({ speeds: [0] }, container)],
  ['MP4: an edit list that shows nothing between two parts', (_, container) => ofTrack({ hasGap: true }, container)],
  ['MP4: parts of packets (`subs`)', (_, container) => ofTrack({ hasSubsamples: true }, container)],
  ["MP4: Nero's list of chapters (`chpl`), beside a track of others", () => neroFates(NERO, { chaptersOfTrack: 2 })[0]],
  [
    'MP4: chapters that the edit list of their track hides',
    () => movieChapterFates({ shown: [], hidden: ['Opening'] }, 0)[0],
  ],
  ['several authors of a WMV', (_, container) => ofTags({ artist: 'Ann' }, container, {}, 'asf')],
  ['maker and model of a camera in AVI', (_, container) => ofTags({ make: 'OLYMPUS' }, container, {}, 'avi')],
  ...(['original', 'clean_effects', 'comment'] as const).map(
    (mark) =>
      [
        `a sound marked as ${mark.replace('_', ' ')}`,
        (_: unknown, container: Container) => ofRole(mark, container),
      ] as const,
  ),
];

/** The line of what single pictures say. */
function ofPictures(said: Partial<VideoFacts>, delivery: 'archive' | 'edit', container: Container): Line {
  const main = { ...aStream('video', 'h264'), video: aVideo(said) };
  const spec = container === 'webm' ? IN_AV1 : SPEC;
  const plan = planNotes({ main, spec, delivery, container, takes: 'all' });
  return noteFates(
    main,
    plan,
    plan.kinds.map((kind) => ({ kind })),
  )[0];
}

const MARKED: TrackHeader = {
  ...{ created: 3_692_390_400, mediaCreated: 3_692_390_400, modified: 3_692_390_401, mediaModified: 0, flags: 1 },
  ...{ volume: 128, balance: 64, group: 7, layer: 0 },
};

/** The line of what a track says of another one, or of its own speed. */
function ofTrack(said: Partial<TrackHeader>, container: Container): Line {
  const tracks = [{ ...MARKED, ...said, volume: 256, balance: 0, group: 0 }, MARKED];
  const headers = { created: MARKED.created, modified: MARKED.modified, tracks };
  const probe = aProbe([aStream('audio', 'aac'), aStream('audio', 'ac3')]);
  return planHeaders(headers, { probe, tracks: new Map([[0, 0], [1, 1]]), container }).fates[0]; // biome-ignore format: pairs
}

/** The line of where the second of two pictures stands. */
function ofSecond(said: Partial<TrackHeader>, container: Container): Line {
  const tracks = [MARKED, { ...MARKED, balance: undefined, ...said }];
  const probe = aProbe([
    aStream('video', 'h264', { video: aVideo({}) }),
    aStream('video', 'h264', { video: aVideo({}) }),
  ]);
  const headers = { created: MARKED.created, modified: MARKED.modified, tracks };
  const { fates } = planHeaders(headers, { probe, tracks: new Map([[0, 0], [1, 1]]), container }); // biome-ignore format: pairs
  const name = said.at ? 'position in the film' : 'layer';
  return (
    fates.find((line) => line.name === name) ?? { place: 'track 1', name, fate: 'kept', why: 'copied with its track' }
  );
}

/** The line of a header of a track, in a movie that was made a year earlier, with another track of its group. */
function ofHeader(name: string, container: Container): Line {
  const streams = [aStream('audio', 'aac', { tags: { handler_name: 'GoPro AAC' } }), aStream('audio', 'aac')];
  const headers = { created: 3_660_768_000, modified: 3_660_768_600, tracks: [MARKED, MARKED] };
  const { fates } = planHeaders(headers, { probe: aProbe(streams), tracks: new Map([[0, 0]]), container });
  return (
    fates.find((line) => line.name === name) ?? { place: 'track 0', name, fate: 'kept', why: 'copied with its track' }
  );
}

const ofTags = (
  tags: Readonly<Record<string, string>>,
  container: Container,
  ofStream: Readonly<Record<string, string>> = {},
  format = 'mpegts',
): Line =>
  planMetadata({
    ...{ probe: aProbe([aStream('audio', 'mp2', { tags: ofStream })], { format, tags }), boxes: [], found: undefined },
    ...{ plans: [], mainStream: 0, container },
  }).fates[0];

const BESIDE_PACKETS = newElement(MKV.BlockAdditionMapping, uintElement(MKV.BlockAddIDType, 4));

/** A track of a picture, which is encoded again. */
const ofEntry = (field: Buffer): Line =>
  trackLosses({ tracks: [newElement(MKV.TrackEntry, field)] }, [{ stream: 0, isCopied: false }])[0];

function ofEmphasis(emphasis: Emphasis, container: Container): Line {
  const stream = aStream('audio', 'mp3', { audio: { channels: 2, sampleRate: 48_000, sampleFormat: 's16', emphasis } });
  return emphasisFates([{ stream, fate: 'kept', why: '', codecArgs: ['copy'], sidecar: undefined }], container)[0];
}

function ofRole(mark: string, container: Container): Line {
  const stream = aStream('audio', 'aac', { dispositions: [mark] });
  const plan = { stream, fate: 'kept', why: '', codecArgs: ['copy'], sidecar: undefined } as const;
  return (
    roleFates([plan], container)[0] ?? { place: 'track 0', name: mark, fate: 'kept', why: 'the track has its mark' }
  );
}
