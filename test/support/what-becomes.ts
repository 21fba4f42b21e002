import { newBox } from '../../core/bytes/boxes.ts';
import { childElements, newElement, textElement, uintElement } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import { ASF_ALONE } from '../../core/description/asf-texts.ts';
import { againstChunk } from '../../core/description/avi-junk.ts';
import type { MatroskaDescription } from '../../core/description/matroska.ts';
import { type MetadataBox, type MetadataFate, TOO_LARGE } from '../../core/description/metadata.ts';
import { dataBox } from '../../core/description/tag-values.ts';
import { planMetadata } from '../../core/encode/carried-metadata.ts';
import { planMatroska } from '../../core/encode/matroska-plan.ts';
import { planMarks } from '../../core/encode/picture-marks.ts';
import { planWebm } from '../../core/encode/webm-plan.ts';
import { withSoundChanges } from '../../core/film/changing-sound.ts';
import type { Stream, VideoFacts } from '../../core/film/probe.ts';
import { clapOf } from '../../core/film/shown-part.ts';
import { type Container, isInMatroska } from '../../core/settings/delivery.ts';
import { withoutHidden } from '../../core/streams/hidden-sound.ts';
import { withOneSoundKind } from '../../core/streams/one-sound-kind.ts';
import { planStreams } from '../../core/streams/streams.ts';
import { keysOf, kindBox, quickTimeText } from '../fixtures/marked-movie.ts';
import { aProbe, aStream, aVideo } from '../fixtures/probes.ts';
import { simple, tag } from '../fixtures/rebuilt-matroska.ts';
import { SAID } from './what-is-said.ts';

/** A thing that a file can hold, and what becomes of it in an archive as MP4, as Matroska and as WebM, and for editing as MOV. */
export type Row = { readonly thing: string; readonly cells: readonly string[] };

type Line = { readonly fate: string; readonly why: string } | undefined;

const TARGETS = [
  ['archive', 'mp4'],
  ['archive', 'mkv'],
  ['archive', 'webm'],
  ['edit', 'mov'],
] as const;

/** Every row is what the deciding functions say of the thing: nothing of it is written by hand but the name. */
export const whatBecomes = (): readonly Row[] => [
  ...STREAMS.map(([thing, stream]) => ({
    thing,
    cells: TARGETS.map(([delivery, container]) => ofStream(stream, delivery, container)),
  })),
  {
    thing: 'sound in aac of which an edit list hides packets between others',
    cells: TARGETS.map(([delivery, container]) => ofHidden(delivery, container)),
  },
  {
    thing: 'sound in aac whose channels change midway (transport stream)',
    cells: TARGETS.map(([delivery, container]) => ofChanging(delivery, container)),
  },
  ...BOXES.map(([thing, box]) => ({ thing, cells: TARGETS.map(([, container]) => ofBox(box, container)) })),
  ...MATROSKA.map(([thing, found, name]) => ({
    thing,
    cells: TARGETS.map(([, container]) => ofMatroska(found, name, container)),
  })),
  ...SAID.map(([thing, lineFor]) => ({
    thing,
    cells: TARGETS.map(([delivery, container]) => cell(lineFor(delivery, container))),
  })),
  ...MARKS.map(([thing, video, boxes, name]) => ({
    thing,
    cells: TARGETS.map(([, container]) => ofMark(video, boxes, name, container)),
  })),
];

const cell = (line: Line): string => (line ? `${line.fate}: ${line.why.replaceAll('|', '/')}` : '');

function ofStream(stream: Stream, delivery: 'archive' | 'edit', container: Container): string {
  const isPicture = stream.type === 'video' && stream.tags.main === 'yes';
  const streams = isPicture ? [stream] : [aStream('video', 'h264'), stream];
  return cell(planStreams(aProbe(streams), { delivery, container, title: titleOf(delivery, container) }).at(-1));
}

function ofHidden(delivery: 'archive' | 'edit', container: Container): string {
  const plans = planStreams(aProbe([aStream('video', 'h264'), sound('aac')]), { delivery, container, title: '' });
  return cell(withoutHidden(plans, [{ stream: 1, hiddenPackets: 96 }], { delivery, container }).at(-1));
}

function ofChanging(delivery: 'archive' | 'edit', container: Container): string {
  const kinds = [
    { channels: 2, layout: 'stereo', sampleRate: 48_000, fromSeconds: 0 },
    { channels: 6, layout: '5.1', sampleRate: 48_000, fromSeconds: 3 },
  ];
  const aac = { ...sound('aac', { sampleFormat: 'fltp' }), index: 1, extradataHash: '' };
  const probe = withSoundChanges(aProbe([aStream('video', 'h264'), aac]), [{ stream: 1, changes: kinds }]);
  const plans = planStreams(probe, { delivery, container, title: '' });
  return cell(withOneSoundKind(plans, { delivery, container }).at(-1));
}

const titleOf = (delivery: string, container: Container) =>
  delivery === 'edit' ? 'ProRes' : container === 'webm' ? 'AV1' : 'HEVC';

const sound = (codec: string, audio: Partial<NonNullable<Stream['audio']>> = {}) =>
  aStream('audio', codec, { audio: { channels: 2, sampleRate: 48_000, sampleFormat: 's16', ...audio } });
const unusable = (is: 'unknown' | 'undecodable' | 'empty' | 'encrypted', why: string) =>
  aStream('audio', 'apac', { unusable: { is, why } });

const STREAMS: readonly (readonly [string, Stream])[] = [
  ['the picture', aStream('video', 'h264', { tags: { main: 'yes' } })],
  [
    'closed captions in its pictures',
    aStream('video', 'h264', { tags: { main: 'yes' }, video: aVideo({ hasClosedCaptions: true }) }),
  ],
  ['a cover', aStream('video', 'mjpeg', { video: aVideo({ isAttachedPicture: true }) })],
  [
    'a cover with a name of its own',
    aStream('video', 'mjpeg', { video: aVideo({ isAttachedPicture: true }), tags: { filename: 'back.jpg' } }),
  ],
  [
    'a cover of another kind (TIFF, GIF, WebP)',
    aStream('video', 'tiff', { video: aVideo({ isAttachedPicture: true }) }),
  ],
  [
    'a cover that is damaged or of no kind',
    aStream('video', 'mjpeg', { dispositions: ['attached_pic'], video: undefined }),
  ],
  ['a further picture', aStream('video', 'h264')],
  ['a further picture in VP8', aStream('video', 'vp8')],
  ...['aac', 'mp3', 'ac3', 'eac3', 'dts', 'opus', 'flac', 'vorbis', 'wmav2'].map(
    (codec) => [`sound in ${codec}`, sound(codec)] as const,
  ),
  ['PCM, stereo', sound('pcm_s16le')],
  ['PCM, 7.1', sound('pcm_s16le', { channels: 8, channelLayout: '7.1' })],
  ['PCM, floating point', sound('pcm_f32le', { sampleFormat: 'flt' })],
  ['TrueHD', sound('truehd', { sampleFormat: 's32', bits: 24, channels: 6, channelLayout: '5.1(side)' })],
  [
    'TrueHD with Atmos',
    sound('truehd', {
      sampleFormat: 's32',
      bits: 24,
      channels: 8,
      channelLayout: '7.1',
      profile: 'Dolby TrueHD + Dolby Atmos',
    }),
  ],
  ...[
    'subrip',
    'webvtt',
    'mov_text',
    'ass',
    'hdmv_pgs_subtitle',
    'dvd_subtitle',
    'dvb_subtitle',
    'dvb_teletext',
    'eia_608',
  ].map((codec) => [`subtitles in ${codec}`, aStream('subtitle', codec)] as const),
  ['subtitles in webvtt, as Matroska has it', aStream('subtitle', 'webvtt', { webVttBlocks: true })],
  [
    'a track of texts whose name says that they are marks (of chapters, of an editor)',
    aStream('subtitle', 'mov_text', { tags: { handler_name: 'Markers' } }),
  ],
  ['a font or another file', aStream('attachment', 'ttf', { tags: { filename: 'letters.ttf' } })],
  ['a track of time code', aStream('data', 'tmcd')],
  [
    'a track of chapters (`chap`)',
    aStream('data', 'bin_data', {
      holdsChapters: true,
      unusable: { is: 'empty', why: 'the file holds no packet of it' },
    }),
  ],
  [
    'the pictures of chapters (a track of them, to which `chap` refers)',
    aStream('video', 'mjpeg', { dispositions: ['attached_pic', 'timed_thumbnails'] }),
  ],
  ['telemetry and other data', aStream('data', 'bin_data')],
  ['hints, by which a server sends a film (`rtp`)', aStream('data', 'rtp')],
  ['subtitles in webvtt, as MP4 has it (`wvtt`)', aStream('data', 'wvtt')],
  ['subtitles in TTML, as MP4 has it (`stpp`)', aStream('data', 'stpp')],
  ['a picture that is not to be shown: depth, disparity or alpha (`auxv`)', aStream('data', 'hevc')],
  ['sound that no decoder knows', unusable('unknown', 'no decoder here knows its codec (apac)')],
  ['sound that does not decode', unusable('undecodable', 'nothing of it decodes as ac3')],
  ['a track without packets', unusable('empty', 'the file holds no packet of it')],
  ['a scrambled track', unusable('encrypted', 'it is scrambled')],
];

const picture = (index: number) =>
  ({
    stream: aStream('video', 'h264', { index }),
    fate: 'converted',
    why: '',
    codecArgs: ['copy'],
    sidecar: undefined,
  }) as const;

function ofBox(box: MetadataBox, container: Container): string {
  const { fates } = planMetadata({
    probe: aProbe([]),
    boxes: [box],
    found: undefined,
    plans: [picture(0)],
    mainStream: 0,
    container,
  });
  return cell(fates[0]);
}

const id = (hex: string) => newBox('uuid', Buffer.from(hex, 'hex'), Buffer.alloc(8));
const list = (type: string) =>
  newBox(
    'meta',
    Buffer.alloc(4),
    newBox('hdlr', Buffer.alloc(24)),
    newBox('ilst', newBox(type, dataBox({ value: 'x', language: undefined }))),
  );
const inUdta = (...parts: readonly Buffer[]): MetadataBox => ({
  place: 'movie',
  type: 'udta',
  bytes: newBox('udta', ...parts),
});

const junkSaid = (begins: string) => {
  const leftOut = againstChunk('JUNK', Buffer.from(begins));
  return leftOut === undefined ? {} : { leftOut };
};

const XML_BESIDE = newBox('meta', Buffer.alloc(4), newBox('xml ', Buffer.alloc(4), Buffer.from('<a/>')));

const BOXES: readonly (readonly [string, MetadataBox])[] = [
  ["MP4: iTunes' tags", inUdta(list('\u00a9nam'))],
  ["MP4: QuickTime's keys", { place: 'movie', type: 'meta', bytes: keysOf({ 'com.apple.quicktime.make': 'x' }) }],
  ['MP4: the place (`©xyz`)', inUdta(quickTimeText('\u00a9xyz', '+48.8584+002.2945/'))],
  ["MP4: a camera's boxes (`GPMF`)", inUdta(newBox('GPMF', Buffer.alloc(8)))],
  ['MP4: XMP', { place: 'file', type: 'uuid', bytes: id('be7acfcb97a942e89c71999491e3afac') }],
  ['MP4: the name of the encoder', inUdta(list('\u00a9too'))],
  ['MP4: software of a camera (`\u00a9swr`)', inUdta(quickTimeText('\u00a9swr', '7.01'))],
  ['MP4: software that wrote the file (`\u00a9swr`)', inUdta(quickTimeText('\u00a9swr', 'Lavf59.27.100'))],
  ['MP4: the tempo, a number', inUdta(list('tmpo'))],
  ['MP4: the name of a track', { place: 0, type: 'udta', bytes: newBox('udta', newBox('name', Buffer.from('x'))) }],
  ['MP4: the role of a track (`kind`)', { place: 0, type: 'udta', bytes: newBox('udta', kindBox('main')) }],
  ["MP4: Sony's PROF", { place: 'file', type: 'uuid', bytes: id('50524f4621d24fcebb88695cfac9c740') }],
  [
    'MP4: items that point into the file',
    { place: 'movie', type: 'meta', bytes: newBox('meta', Buffer.alloc(4), newBox('iloc', Buffer.alloc(8))) },
  ],
  ['MP4: a box over 8 MiB', { place: 'file', type: 'uuid', bytes: undefined }],
  ['MP4: a tag over 8 MiB', { place: 'movie', type: 'udta', bytes: undefined, leftOut: TOO_LARGE, name: '\u00a9lyr' }],
  ["MP4: a vendor's box (`uuid`)", { place: 0, type: 'uuid', bytes: id('00112233445566778899aabbccddeeff') }],
  ["MP4: XML beside the film (Sony's NonRealTimeMeta)", { place: 'file', type: 'meta', bytes: XML_BESIDE }],
  ['MP4: the name of a preview picture (`pnot`)', { place: 'file', type: 'pnot', bytes: newBox('pnot') }],
  [
    "MP4: a camera's data in free space (`free`, `skip`)",
    { place: 'file', type: 'skip', bytes: newBox('skip', newBox('CNDB', Buffer.from([1, 2]))) },
  ],
  ['MP4: events and times of day of a stream (`emsg`, `prft`)', { place: 'file', type: 'emsg', bytes: newBox('emsg') }],
  ["MP4: a list of a dashcam's blocks (`gps `, Novatek)", { place: 'movie', type: 'gps ', bytes: newBox('gps ') }],
  ['MP4: sizes at which QuickTime shows a track (`tapt`)', { place: 0, type: 'tapt', bytes: newBox('tapt') }],
  ['MP4: a packed index that cannot be unpacked (`cmov`)', { place: 'movie', type: 'cmov', bytes: newBox('cmov') }],
  ['MP4: a table of colours (`ctab`)', { place: 'movie', type: 'ctab', bytes: newBox('ctab') }],
  [
    "AVI: a camera's data and chunks that nobody knows (`JUNK`, `strd`, `hydt` ...)",
    { place: 'file', type: 'JUNK', bytes: undefined, ...junkSaid('IIII\x01\0') },
  ],
  [
    'WMV: script commands, banners, signatures; FLV: other scripts',
    { place: 'file', type: 'ScriptCommand', bytes: undefined, leftOut: ASF_ALONE },
  ],
  ['WMV, FLV: XMP', { place: 'file', type: 'uuid', bytes: id('be7acfcb97a942e89c71999491e3afac') }],
  ['MP4: a box that nobody knows', { place: 'file', type: 'ABCD', bytes: newBox('ABCD') }],
];

const NOTHING: MatroskaDescription = { tracks: [], attachments: [], chapters: undefined, tags: [], info: [], left: [] };
const ofTrack = (...parts: readonly Buffer[]) => {
  const [, ...rest] = childElements(tag(...parts));
  return newElement(MKV.Tag, newElement(MKV.Targets, uintElement(MKV.TagTrackUID, 9)), ...rest);
};
const ofChapter = (...parts: readonly Buffer[]) =>
  newElement(MKV.Tag, newElement(MKV.Targets, uintElement(MKV.TagChapterUID, 3)), ...parts);
const binary = (name: string) =>
  newElement(MKV.SimpleTag, textElement(MKV.TagName, name), newElement(MKV.TagBinary, Buffer.from([1])));
const CHAPTER_3 = newElement(
  MKV.Chapters,
  newElement(MKV.EditionEntry, newElement(MKV.ChapterAtom, uintElement(MKV.ChapterUID, 3))),
);
const inFrench = (name: string) =>
  newElement(
    MKV.SimpleTag,
    ...[textElement(MKV.TagName, name), textElement(MKV.TagLanguage, 'fre'), textElement(MKV.TagString, 'x')],
  );
const OTHER = newElement(MKV.TrackEntry, uintElement(MKV.TrackUID, 8));
const TRACK = newElement(MKV.TrackEntry, uintElement(MKV.TrackUID, 9));

const MATROSKA: readonly (readonly [string, Partial<MatroskaDescription>, string])[] = [
  ['Matroska: a tag', { tags: [tag(simple('SHELF', 'x'))] }, 'shelf'],
  ['Matroska: a tag of a chapter', { tags: [ofChapter(simple('PLACE', 'x'))], chapters: CHAPTER_3 }, 'place'],
  ['Matroska: a tag that is no text', { tags: [tag(binary('SEAL'))] }, 'seal'],
  [
    'Matroska: a tag over 1 MiB',
    { left: [{ place: 'file', name: 'LYRICS', fate: 'dropped', why: TOO_LARGE }] },
    'lyrics',
  ],
  ['Matroska: a tag in another language', { tags: [tag(inFrench('TITLE'))] }, 'title'],
  ['Matroska: a tag without a value', { tags: [tag(simple('COMMENT', ''))] }, 'comment'],
  ['Matroska: a tag of a track that is not there', { tracks: [OTHER], tags: [ofTrack(simple('LENS', '1'))] }, 'lens'],
  ['Matroska: the title of the file', { info: [textElement(MKV.Title, 'x')] }, 'title'],
  ['Matroska: the name of the encoder', { tags: [tag(simple('ENCODER', 'x'))] }, 'encoder'],
  ['Matroska: counts of a track', { tracks: [TRACK], tags: [ofTrack(simple('BPS', '1'))] }, 'statistics'],
  ['Matroska: links to other files', { info: [textElement(MKV.NextUUID, 'x')] }, 'linked Segments'],
];

function ofMatroska(given: Partial<MatroskaDescription>, name: string, container: Container): string {
  const found = { ...NOTHING, ...given };
  const probe = aProbe([], { format: 'matroska,webm' });
  const plans = [picture(0)];
  const { fates } = planMetadata({ probe, boxes: [], found, plans, mainStream: 0, container });
  const of = { width: 160, height: 90, sar: { num: 1, den: 1 }, use: 'recoded', edges: undefined } as const;
  const decide = container === 'webm' ? planWebm : planMatroska;
  const written = isInMatroska(container)
    ? decide({ probe, boxes: [], found, plans, mainStream: 0, picture: of, timeFactor: undefined }).fates
    : [];
  return cell([...fates, ...written].find((line: MetadataFate) => line.name.toLowerCase() === name.toLowerCase()));
}

const EDGES = { left: 0, right: 0, top: 10, bottom: 10 };
const CLAP = clapOf(EDGES, { width: 1920, height: 1080 });

const SPATIAL: Readonly<Record<string, Buffer>> = {
  vexu: newBox('vexu', newBox('proj', newBox('prji', Buffer.from('\0\0\0\0equi', 'latin1')))),
  hfov: newBox('hfov', Buffer.alloc(4)),
};

const MARKS: readonly (readonly [string, Partial<VideoFacts>, readonly string[], string])[] = [
  ['the part that is shown (`clap`, PixelCrop)', {}, ['clap'], 'clap'],
  ['two eyes in one picture (frame packing)', { packing: 'side by side' }, [], 'frame packing'],
  ['two eyes, the right one first', { packing: 'side by side, right eye first' }, [], 'frame packing'],
  [
    'two eyes one above the other, the right one first',
    { packing: 'top and bottom, right eye first' },
    [],
    'frame packing',
  ],
  ['two eyes in red and cyan (anaglyph)', { packing: 'anaglyph of cyan and red' }, [], 'frame packing'],
  ['two eyes one after the other (frame packing)', { packing: 'frame alternate' }, [], 'frame packing'],
  ['Matroska: a display size in centimetres or inches', {}, [], 'display size'],
  ['MP4: a gamma of old QuickTime (`gama`)', {}, ['gama'], 'gama'],
  ['MP4: the light of a room (`amve`)', {}, ['amve'], 'amve'],
  ['a second eye (`lhvC`)', {}, ['lhvC'], 'lhvC'],
  [
    'layers of HEVC that only its pictures tell (a second eye, transparency)',
    { hasLayers: true },
    [],
    'further layers',
  ],
  ['marks of spatial video (`vexu`) of a film with a second eye', {}, ['vexu', 'lhvC'], 'vexu'],
  ['a projection, and two eyes in one picture (`vexu`)', {}, ['vexu'], 'vexu'],
  ['a field of view (`hfov`)', {}, ['hfov'], 'hfov'],
];

function ofMark(video: Partial<VideoFacts>, boxes: readonly string[], name: string, container: Container): string {
  const clap = boxes.includes('clap') ? CLAP : undefined;
  const display = name === 'display size' ? { width: 32, height: 18, unit: 1 } : undefined;
  const { fates } = planMarks({
    ...{
      marks: { clap, boxes, spatial: boxes.flatMap((type) => SPATIAL[type] ?? []) },
      edges: undefined,
      display,
      video: aVideo(video),
      stream: 0,
      use: 'recoded',
      container,
    },
  });
  return cell(fates.find((line) => line.name === name));
}

/** The table of docs/streams.md. */
export const tableOf = (rows: readonly Row[]): string =>
  [
    '| thing | in MP4 | with `container=mkv` | with `codec=av1` and `container=webm` | for editing (`mezzanine`) |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(({ thing, cells }) => `| ${[thing, ...cells].join(' | ')} |`),
  ].join('\n');
