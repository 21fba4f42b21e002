import type { Check } from './manifest.ts';

/**
 * Every check of a rendition: its name in manifests, and the sentence in reports and docs/checks.md that says what the check
 * proves. N stands for a stream's number in the source.
 */
export const CHECKS = {
  'decodes to the last frame': 'The finished file decodes without an error, to as many frames as planned.',
  'every frame at its time':
    "Each frame is shown when the source shows it, to within half a tick of the container's clock.",
  'every stream accounted for':
    "The file has as many streams as were planned for it, and the source's timecode where that is kept: the picture shows first what the source shows with it, and in MP4 and MOV it counts from there to the last picture.",
  'stream N is copied bit for bit':
    "The stream's packets, the samples of its PCM or the bytes of the attachment equal the source's by hash.",
  'data of stream N is copied with its times':
    "The packets of telemetry and other data equal the source's by hash, and so do their times from the picture on.",
  'subtitles of stream N are at their times':
    'Each text, or picture of one, is shown when the source shows it, to within 1.5 ms, and ends when it does, to within 2 ms. In MP4, which shows one text at a time, those of the same time are one text of several lines.',
  'chapters begin at their times':
    "Each chapter of a list that was written anew, as those of an MP4 and MOV are (from their track of chapters, or from Nero's list where there is none), begins when the source's does, to within 1.5 ms, and there are no others.",
  'chapters end at their times':
    'Each chapter of such a list ends when the next one begins, the last one when it ends in the source or with the film, to within 2 ms, where the file says ends, as Matroska and the track of chapters of an MP4 do.',
  'sound starts where it did':
    'Copied sound, and sound without a delay of its own that becomes Opus, begins at the same distance from the picture as in the source, to within half a tick of each clock.',
  'sound of stream N keeps step': 'Sound that was slowed down or sped up with the picture ends with it.',
  'sound of stream N is in its place':
    "The loudness of converted sound changes when the source's does, within 20 ms (40 ms where the source's own samples are off their times by so much): at its start, at its end and between. No samples overlap others.",
  'sound of stream N has the same samples':
    "Every channel of sound that was converted without loss decodes to the source's samples, by hash.",
  'lasts as long as the source':
    'The file ends after its last frame begins, by at most a second or four frames; where that frame is held longer, the source goes on as long by its own packets.',
  'picture as planned': 'Width, height, pixel format and shape, colour, HDR metadata and rotation are as planned.',
  'spherical metadata as planned': 'The metadata by which players recognise a sphere and a sound field is as planned.',
  'metadata as planned':
    'Tags, covers, place, camera and other boxes by which the source describes the film are in the file, byte for byte; in Matroska its chapters and what its tracks say of themselves, too. Whatever the manifest says to be in the file is looked for in the finished file.',
  'each picture keeps what belongs to it':
    "Closed captions, active formats, user data, Dolby Vision's and HDR10+'s metadata of every picture are the source's by hash, in the order of showing.",
  'codec as planned': 'The codec string, by which players recognise the codec, belongs to the planned codec.',
  'header first, then the index': 'A player has the header and the index of fragments before any picture.',
  'an index of every fragment': 'Each fragment is in the index, with its size and whether decoding can begin there.',
  'fragments say when each track begins':
    'Times are in the fragments, where streaming players look for them: no edit list begins with an empty edit, and no picture is before 0.',
  'picture and sound begin and end together':
    'By the times of the fragments, no player plays picture and sound out of step, or ends with the shorter of them.',
  'picture and sound are fetched apart': 'Each segment of a track is one range of bytes.',
  'fragments as short as planned': 'No fragment is longer than planned by more than a frame.',
  'keyframes where every rendition has them': 'A player can change from one rendition to another at each of them.',
  'playlists count what the fragments hold':
    'Every playlist and the DASH manifest last as long as the fragments of picture and sound.',
  'HLS by the authoring rules of Apple':
    'Targets, attributes of variants, names and defaults of groups and the playlist of keyframes are as Apple asks.',
  'DASH by the rules of DASH-IF': 'Times have no gaps, each has its range of bytes, and every sound has a role.',
  'every pixel as it was': "Every decoded frame equals the source's by hash.",
  'quality above the floor': 'The measured quality is above a floor that no working encode falls below.',
  'colours match the source': "No plane of the picture differs from the source's by more than an encoder's error.",
  'levels match the source': "Means over areas are the source's; a wrong range of black to white would change them.",
  'frames in step with the source': "Frames are nearer to their own frame of the source than to its neighbours'.",
  'the same bytes as the source': "The file is the source's own bytes, by hash.",
} as const satisfies Readonly<Record<string, string>>;

/** Every check of `reelmill model`, which a network has to pass before `upscale` uses it. */
export const MODEL_CHECKS = {
  shape: 'The file is a network that can be run, and its tensors and scale are as declared.',
  halo: 'The distance over which a pixel depends on others is, by the graph, the one in the list of models.',
  reach: "A changed pixel changes the output no farther away than the graph, or the model's description, says.",
  'tiles yuv420p': 'Tiles give the same bits as the whole picture, in 8 bits.',
  'tiles yuv420p10le': 'Tiles give the same bits as the whole picture, in 10 bits.',
  moves: 'A shifted picture gives the same bits, shifted.',
  repeats: 'The same picture gives the same bytes each time.',
  order: 'Several frames come out in their order.',
  place: 'Waves keep their position, to less than a wrong sampling grid would move them.',
  colour: 'Plain colours stay within 10 of 255 levels.',
} as const satisfies Readonly<Record<string, string>>;

type PlainName = Exclude<keyof typeof CHECKS, `${string} N ${string}`> | keyof typeof MODEL_CHECKS;
type StreamName = Extract<keyof typeof CHECKS, `${string} N ${string}`>;

/** The result of one check of a rendition or a model. */
export const check = (name: PlainName, passed: boolean, detail: string): Check => ({ name, passed, detail });

/** The result of a check of one stream; `stream` is its number in the source. */
export const checkOfStream = (name: StreamName, stream: number, passed: boolean, detail: string): Check => ({
  name: name.replace(' N ', ` ${stream} `),
  passed,
  detail,
});

const MEANINGS = new Map<string, string>([...Object.entries(CHECKS), ...Object.entries(MODEL_CHECKS)]);

/** Returns what a check proves, in a sentence for people; undefined if another version made the check. */
export const meaningOf = (name: string): string | undefined => MEANINGS.get(name.replace(/ \d+ /, ' N '));
