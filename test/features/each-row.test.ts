import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../core/job/manifest.ts';
import { captionPairs, withCaptions } from '../fixtures/captions.ts';
import { box } from '../fixtures/craft.ts';
import { pgs } from '../fixtures/pgs.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { whatBecomes } from '../support/what-becomes.ts';

const run = promisify(execFile);

/** The things of the table in docs/streams.md that a film of this file holds, by the number of their stream or the name of their line. */
const IN_FILMS: Readonly<Record<string, readonly (readonly [thing: string, where: number | string])[]>> = {
  'streams.mkv': [
    ['the picture', 0],
    ['a further picture', 1],
    ['a further picture in VP8', 2],
    ...['aac', 'mp3', 'ac3', 'eac3', 'dts', 'opus', 'flac', 'vorbis', 'wmav2'].map(
      (codec, i) => [`sound in ${codec}`, 3 + i] as const,
    ),
    ...['PCM, stereo', 'PCM, 7.1', 'PCM, floating point', 'TrueHD'].map((thing, i) => [thing, 12 + i] as const),
    ...['subrip', 'webvtt', 'ass', 'hdmv_pgs_subtitle', 'dvb_subtitle'].map(
      (codec, i) => [`subtitles in ${codec}`, 16 + i] as const,
    ),
    ['a font or another file', 21],
    ['a cover', 22],
    ['Matroska: the name of the encoder', 'encoder'],
    ['Matroska: counts of a track', 'statistics'],
    ['Matroska: links to other files', 'linked Segments'],
  ],
  'broken.mkv': [['sound that does not decode', 1]],
  'boxes.mov': [
    ['subtitles in mov_text', 1],
    ['subtitles in eia_608', 2],
    ["MP4: Sony's PROF", 'uuid 50524f4621d24fcebb88695cfac9c740'],
    ['MP4: a box that nobody knows', 'ABCD'],
    ['MP4: the place (`©xyz`)', '\u00a9xyz'],
  ],
};

/** The other things, each with the test that makes a film of it: the file, and words of its name. */
const ELSEWHERE: Readonly<Record<string, readonly [file: string, named: string]>> = {
  'closed captions in its pictures': ['captions', 'are beside the film as SubRip, at their times'],
  'subtitles in webvtt, as Matroska has it': [
    'matroska-web-vtt',
    'stays in Matroska, as mkvmerge and mkvextract read it',
  ],
  'a track of time code': ['timecode', 'keeps its reel in Matroska'],
  'the name of the reel or card': ['timecode', 'keeps its reel in Matroska'],
  'a time code in the file or in its pictures (MXF, MPEG-2, H.264, HEVC)': [
    'timecode',
    'is written as a tag of Matroska, and told',
  ],
  'a track of texts whose name says that they are marks (of chapters, of an editor)': [
    'texts-of-mov',
    'are copied and told where their name says that they are marks',
  ],
  'a track of chapters (`chap`)': ['chapter-track', 'is no loss where its chapters are kept'],
  'subtitles in dvd_subtitle': ['beside-the-film', "{ codec: 'dvdsub', container: 'mkv' }"],
  'subtitles in webvtt, as MP4 has it (`wvtt`)': ['texts-of-mp4', 'with its times, settings and styles'],
  'subtitles in TTML, as MP4 has it (`stpp`)': ['texts-of-mp4', "describe('TTML as MP4 has it'"],
  'a picture that is not to be shown: depth, disparity or alpha (`auxv`)': [
    'auxiliary-pictures',
    'is beside the film where that is Matroska',
  ],
  'telemetry and other data': ['telemetry', 'is read by exiftool from the film as from the source'],
  'sound that no decoder knows': ['odd-tracks', 'spatial sound that no decoder knows before one that all know'],
  'a track without packets': ['odd-tracks', 'a track without samples'],
  'a scrambled track': ['odd-tracks', 'a scrambled second sound'],
  'sound in aac of which an edit list hides packets between others': ['trimmed-ends', 'is heard as its edits'],
  'sound in aac whose channels change midway (transport stream)': ['changing-sounds', 'is whole and in step'],
  "MP4: iTunes' tags": ['description', "keeps iTunes' tags where tag editors look"],
  "MP4: QuickTime's keys": ['description', "keeps a phone's keys, and invents none"],
  "MP4: a camera's boxes (`GPMF`)": ['description', "keeps a camera's boxes and XMP byte for byte"],
  'MP4: XMP': ['description', "keeps a camera's boxes and XMP byte for byte"],
  "MP4: a camera's data in free space (`free`, `skip`)": ['boxes-of-cameras', 'is kept in MP4 as ExifTool reads it'],
  'MP4: events and times of day of a stream (`emsg`, `prft`)': ['boxes-of-cameras', 'is told of all else'],
  "MP4: a list of a dashcam's blocks (`gps `, Novatek)": ['dashcams', 'is beside the film byte for byte'],
  'MP4: a table of colours (`ctab`)': ['boxes-of-cameras', 'is told of all else'],
  "MP4: a vendor's box (`uuid`)": ['boxes-of-vendors', 'is kept in MP4: boxes of a vendor in user data and tracks'],
  "MP4: XML beside the film (Sony's NonRealTimeMeta)": ['boxes-of-vendors', 'is a tag, an attachment or told'],
  'MP4: the name of a preview picture (`pnot`)': ['boxes-of-vendors', 'is a tag, an attachment or told in Matroska'],
  'MP4: the name of the encoder': ['description', 'but for the program that encoded the source'],
  'MP4: items that point into the file': ['description', 'names boxes that would point into the source'],
  'MP4: a box over 8 MiB': ['description', 'and those that are larger than any real one'],
  'MP4: a tag over 8 MiB': ['large-tags', 'costs no other one in an MP4'],
  'Matroska: a tag over 1 MiB': ['large-tags', 'costs no other one in a Matroska'],
  'Matroska: a tag': ['description', "writes Matroska's tags as keys"],
  'Matroska: a tag of a chapter': ['kept-or-told', 'is named: tags of single things'],
  'Matroska: a tag that is no text': ['kept-or-told', 'what is no text is kept'],
  'Matroska: a tag in another language': ['track-marks', 'come out of Matroska with their languages'],
  'Matroska: a tag of a track that is not there': ['track-marks', 'belongs to nothing is named'],
  'Matroska: a tag without a value': ['track-marks', 'what says nothing or belongs to nothing is named'],
  'Matroska: the title of the file': ['kept-or-told', 'the names of attachments and of the file'],
  'MP4: software of a camera (`\u00a9swr`)': ['tags-across', 'writes into Matroska all that the boxes of an MP4 say'],
  'MP4: software that wrote the file (`\u00a9swr`)': ['track-marks', 'nothing of the program that wrote the source'],
  'MP4: the name of a track': ['tags-across', 'writes into Matroska all that the boxes of an MP4 say'],
  'MP4: the role of a track (`kind`)': ['tags-across', 'writes into Matroska all that the boxes of an MP4 say'],
  'MP4: the tempo, a number': ['tags-across', 'writes into Matroska all that the boxes of an MP4 say'],
  'MP4: the volume of a track': ['track-marks', 'are kept in MP4: loudness, balance, groups and dates'],
  'MP4: the balance of a track': ['track-marks', 'are kept in MP4: loudness, balance, groups and dates'],
  'MP4: tracks that stand for each other (alternate group)': ['track-marks', 'loudness, balance, groups and dates'],
  'MP4: when a track was made, if not with its film': ['track-marks', 'loudness, balance, groups and dates'],
  'MP4: when the film was last changed': ['enabled-tracks', 'and the date of the last change stays'],
  'MP4: the name of the handler of a track ("GoPro AAC")': ['marks-of-sounds', 'keeps what a camera calls it in MP4'],
  'a cover with a name of its own': ['track-marks', 'are what mkvmerge writes in Matroska, or named'],
  'a second language of a sound (transport stream)': ['track-marks', 'a second language, and which program'],
  'which streams the programs of a transport stream have': ['track-marks', 'which program has which streams'],
  'when a transport stream was broadcast (TDT, TOT)': ['broadcast-tables', 'are tags of the film'],
  'the network of a transport stream (NIT)': ['broadcast-tables', 'are tags of the film'],
  'Matroska: what lies beside its packets (HDR10+ of VP9 and AV1)': ['beside-the-packets', 'are named'],
  'Matroska: the name of a codec': ['beside-the-packets', 'are named'],
  'Matroska: a track that stands for others': ['beside-the-packets', 'are named'],
  'a sound marked as clean effects': ['marks-of-sounds', 'is named where it is for clean effects'],
  'a sound marked as comment': ['marks-of-sounds', 'is a comment in MP4 too'],
  'a sound marked as original': ['marks-of-sounds', 'named where it is the original'],
  "an MXF's ids of packages (UMID)": ['track-marks', 'are kept of an MXF: the ids of its packages'],
  'MP4: a packed index that cannot be unpacked (`cmov`)': [
    'packed-index',
    'where more is packed than any real index has',
  ],
  'MP4: sizes at which QuickTime shows a track (`tapt`)': ['apertures', 'where they are not those of the picture'],
  'MP4: where a further picture stands': ['layers-of-pictures', 'has of its layer and its place'],
  'MP4: which of several pictures is in front (layer)': ['layers-of-pictures', 'has of its layer and its place'],
  'hints, by which a server sends a film (`rtp`)': ['hint-tracks', 'stay out of'],
  'the active format description (AFD) in the pictures of H.264, HEVC and MPEG-2': [
    'active-format',
    'stays with each picture in',
  ],
  'which program wrote an MXF': ['track-marks', 'but not the program that wrote it'],
  'firmware of a camera in AVI (`ISFT`)': ['avi-header', 'its time code and its tags, as ExifTool and MediaInfo'],
  'where AVCHD was shot, as its pictures tell it': ['avchd', 'is that of the film'],
  'when DV was recorded, as its packs tell it': ['dv-dates', 'is the time of recording of an MP4'],
  'MP4: chapters that the edit list of their track hides': ['shown-chapters', 'begin with what they name'],
  "MP4: Nero's list of chapters (`chpl`), beside a track of others": [
    'two-lists-of-chapters',
    'has those of its track',
  ],
  'the pictures of chapters (a track of them, to which `chap` refers)': [
    'two-lists-of-chapters',
    'names the pictures of its chapters',
  ],
  'a cover of another kind (TIFF, GIF, WebP)': ['damaged-covers', 'lies beside the film byte for byte'],
  'a cover that is damaged or of no kind': ['damaged-covers', 'lies beside the film byte for byte'],
  'MP4: what tracks are to each other (`fall`, `folw`, `forc` ...)': [
    'track-references',
    'is kept: which sound stands',
  ],
  'MP4: an edit list that plays a part at another speed': ['track-references', 'is told where an edit list lets'],
  'MP4: an edit list that shows nothing between two parts': ['track-references', 'is told where an edit list shows'],
  'MP4: parts of packets (`subs`)': ['track-references', 'and of parts of packets'],
  'MP4: a gamma of old QuickTime (`gama`)': ['track-references', 'is told of a gamma and of the light of a room'],
  'MP4: the light of a room (`amve`)': ['track-references', 'is told of a gamma and of the light of a room'],
  'several authors of a WMV': ['asf-and-flv', 'is kept, all its authors too, or named'],
  'WMV: script commands, banners, signatures; FLV: other scripts': ['asf-and-flv', 'all its authors too, or named'],
  'WMV, FLV: XMP': ['asf-and-flv', 'is kept or named: XMP, texts and cue points together'],
  'maker and model of a camera in AVI': ['avi-cameras', 'gives an MP4 its maker, its model and its date'],
  "AVI: a camera's data and chunks that nobody knows (`JUNK`, `strd`, `hydt` ...)": [
    'avi-cameras',
    'names what no other container has a place for',
  ],
  'user data in the pictures of H.264 and HEVC (a UUID of its own)': ['late-captions', 'is found: user data'],
  'two eyes, as the pictures of H.264, HEVC and MPEG-2 tell it (frame packing)': [
    'two-eyes',
    'is carried of HEVC into each picture',
  ],
  'Matroska: the emphasis of a sound': ['emphasis', 'keeps its mark in Matroska'],
  'the emphasis of MPEG audio': ['emphasis', 'keeps what packets of MPEG audio say'],
  'the service of a transport stream': ['kept-or-told', 'who sends a transport stream'],
  'the part that is shown (`clap`, PixelCrop)': ['picture-marks', 'keeps the part that is shown in MP4'],
  'two eyes in one picture (frame packing)': ['picture-marks', 'marks two eyes in one picture'],
  'two eyes, the right one first': ['two-eyes', 'keeps side by side with the right eye first in MP4'],
  'two eyes one above the other, the right one first': ['two-eyes', 'says that MP4 has no mark for mode'],
  'two eyes in red and cyan (anaglyph)': ['two-eyes', 'says that MP4 has no mark for mode'],
  'two eyes one after the other (frame packing)': ['two-eyes', 'in Matroska without a warning'],
  'Matroska: a display size in centimetres or inches': ['matroska-out', 'keeps how large a picture is shown'],
  'layers of HEVC that only its pictures tell (a second eye, transparency)': ['further-layers', 'are told as lost'],
  'subtitles in dvb_teletext': ['teletext', 'are beside the film as text'],
  'a second eye (`lhvC`)': ['picture-marks', 'tells that a second eye is lost'],
  'marks of spatial video (`vexu`) of a film with a second eye': ['picture-marks', 'tells that a second eye is lost'],
  'a projection, and two eyes in one picture (`vexu`)': [
    'picture-marks',
    'keeps how one picture lies around its viewer',
  ],
  'a field of view (`hfov`)': ['picture-marks', 'keeps how one picture lies around its viewer'],
};

/** Nothing at hand writes these, so that the functions which decide are tested alone. */
const CANNOT_BE_MADE = ['TrueHD with Atmos'];

describe('each row of the table of what becomes of each thing', () => {
  it('has a film that a test makes', () => {
    const made = Object.values(IN_FILMS).flatMap((things) => things.map(([thing]) => thing));
    const known = [...made, ...Object.keys(ELSEWHERE), ...CANNOT_BE_MADE];
    expect(known.toSorted()).toEqual(
      whatBecomes()
        .map(({ thing }) => thing)
        .toSorted(),
    );
  });

  it.each(Object.entries(ELSEWHERE))('has a test by that name elsewhere: %s', (_, [file, named]) => {
    const places = ['features', 'wide']
      .map((folder) => `test/${folder}/${file}.test.ts`)
      .filter((path) => existsSync(path));
    expect(places.map((path) => readFileSync(path, 'utf8'))).toEqual([expect.stringContaining(named)]);
  });
});

describe('a film that holds many things', () => {
  const manifests = new Map<string, Manifest>();
  let folder: string;
  const at = (name: string) => join(folder, name);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: folder });
  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeFile(at('text.srt'), '1\n00:00:00,100 --> 00:00:00,300\nHello\n');
    await writeFile(at('letters.ttf'), 'the bytes of a font');
    const picture = { width: 16, height: 16, data: new Uint8Array(256).fill(255) };
    const cue = { startSeconds: 0.1, endSeconds: 0.3, left: 4, top: 4, picture };
    const sup = pgs({ width: 96, height: 64 }, [cue]);
    await writeFile(at('text.sup'), sup);
    await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=32x32', '-frames:v', '1', 'cover.jpg');
    await streamsFilm();
    await boxesFilm();
    await brokenFilm();
    for (const name of Object.keys(IN_FILMS))
      manifests.set(name, (await milledFile(at(name), { ...QUICK, evenIfLarger: 'true' })).manifest);
  });

  async function streamsFilm() {
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4'];
    const sounds = [2, 6, 8].flatMap((channels) => {
      const layout = { 2: 'stereo', 6: '5.1(side)', 8: '7.1' }[channels];
      return ['-f', 'lavfi', '-i', `anoisesrc=r=48000:d=0.4:a=0.1,aformat=channel_layouts=${layout}`];
    });
    const inputs = [...picture, ...sounds, '-i', 'text.srt', '-i', 'text.sup'];
    const codecs = ['aac', 'libmp3lame', 'ac3', 'eac3', 'dca', 'libopus', 'flac', 'libvorbis', 'wmav2', 'pcm_s16le'];
    const streams = [
      ...['libx264', 'libx264', 'libvpx'].map((codec) => ['0:v', codec] as const),
      ...codecs.map((codec) => ['1:a', codec] as const),
      ...([
        ['3:a', 'pcm_s16le'],
        ['1:a', 'pcm_f32le'],
        ['2:a', 'truehd'],
      ] as const),
      ...(['srt', 'webvtt', 'ass'] as const).map((codec) => ['4:s', codec] as const),
      ...(['copy', 'dvbsub'] as const).map((codec) => ['5:s', codec] as const),
    ];
    const mapped = streams.flatMap(([from, codec], i) => ['-map', from, `-c:${i}`, codec]);
    const font = ['-attach', 'letters.ttf', '-metadata:s:t:0', 'mimetype=font/ttf'];
    const cover = ['-attach', 'cover.jpg', '-metadata:s:t:1', 'mimetype=image/jpeg'];
    const named = ['-metadata:s:t:0', 'filename=letters.ttf', '-metadata:s:t:1', 'filename=cover.jpg'];
    const exact = ['-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-strict', '-2'];
    const ended = ['-bsf:20', 'setts=duration=100']; // else it lasts for weeks
    await ffmpeg(...inputs, ...mapped, ...exact, ...ended, ...font, ...cover, ...named, 'streams.mkv');
    const next = ['--edit', 'info', '--set', 'next-uid=0x00112233445566778899aabbccddeeff'];
    await run('mkvpropedit', ['-q', at('streams.mkv'), ...next, '--add-track-statistics-tags']);
  }

  async function brokenFilm() {
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-f', 'lavfi', '-i', 'sine=d=0.4'];
    await ffmpeg(...inputs, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'ac3', 'whole.mkv');
    await ffmpeg('-i', 'whole.mkv', '-map', '0', '-c', 'copy', '-bsf:a', 'noise=amount=1', 'broken.mkv');
  }

  async function boxesFilm() {
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2', '-c:v', 'libx264', '-bf', '0'];
    await ffmpeg(...picture, '-preset', 'ultrafast', '-x264-params', 'slices=1:threads=1', 'plain.h264');
    const said = captionPairs(50, [{ text: 'HELLO', from: 20, to: 40 }]);
    await writeFile(at('said.h264'), withCaptions(await readFile(at('plain.h264')), said));
    await ffmpeg('-r', '25', '-i', 'said.h264', '-c', 'copy', 'said.mp4');
    const inputs = ['-i', 'plain.h264', '-i', 'text.srt', '-f', 'lavfi', '-i', 'movie=said.mp4[out0+subcc]'];
    const maps = ['-map', '0:v', '-map', '1:s', '-map', '2:s', '-c:v', 'copy', '-c:s:0', 'mov_text', '-c:s:1', 'copy'];
    await ffmpeg('-r', '25', ...inputs, ...maps, '-metadata', 'location=+48.8584+002.2945/', 'boxes.mov');
    const prof = box('uuid', Buffer.from('50524f4621d24fcebb88695cfac9c740', 'hex'), Buffer.alloc(8));
    await writeFile(
      at('boxes.mov'),
      Buffer.concat([await readFile(at('boxes.mov')), prof, box('ABCD', Buffer.alloc(4))]),
    );
  }

  it.each(
    Object.entries(IN_FILMS).flatMap(([film, things]) => things.map(([thing, where]) => ({ film, thing, where }))),
  )('has of $thing what the table says ($film)', ({ film, thing, where }) => {
    const cell = whatBecomes().find((row) => row.thing === thing)?.cells[0];
    const manifest = manifests.get(film);
    const lines = typeof where === 'number' ? manifest?.streams : manifest?.renditions[0]?.metadata;
    const line =
      typeof where === 'number'
        ? lines?.[where]
        : manifest?.renditions[0]?.metadata?.find(({ name }) => name.toLowerCase() === where.toLowerCase());
    expect(`${line?.fate}: ${line?.why}`).toBe(cell);
  });
});
