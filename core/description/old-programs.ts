/** Names of tags that say by which program a file was written or encoded, and nothing else. */
const OF_ENCODERS = /^(\u00a9too|\u00a9enc|encoder|encoder_settings|encoding_tool|writing_?app|muxing_?app)$/i;
/** Names of tags that say which software made the film: a camera's firmware, or the program that wrote the file. */
const OF_SOFTWARE = /^(\u00a9swr|software|com\.apple\.quicktime\.software)$/i;
/** Names of tags by which ffmpeg says in other containers which brands an MP4 had. */
const OF_THE_FORM = /^(major_brand|minor_version|compatible_brands)$/i;
/** How an MXF identifies the program that wrote it, as a whole (SMPTE ST 377-1, Identification Set). */
const IDENTIFICATION =
  /^(company_name|product_(name|version|version_num|uid)|application_platform|toolkit_version(_num)?|generation_uid)$/;

/** Programs that write or encode files, as they name themselves. Everything else is taken for what a camera runs. */
const PROGRAMS = new RegExp(
  `\\b(${[
    ...['Lav[cf]\\d', 'Lav[cf]\\b', 'libav', 'ffmpeg', 'x26[45]', 'HandBrake', 'mkvmerge', 'libebml', 'libmatroska'],
    ...[
      'GPAC',
      'MP4Box',
      'L-SMASH',
      'Bento4',
      'Shaka',
      'Nero',
      'Adobe',
      'Final Cut',
      'Compressor',
      'DaVinci',
      'Resolve',
    ],
    ...[
      'VirtualDub',
      'MEncoder',
      'MPlayer',
      'AviSynth',
      'VapourSynth',
      'TMPGEnc',
      'Vegas',
      'Squeeze',
      'VLC',
      'OBS',
      'GStreamer',
    ],
    ...[
      'Shotcut',
      'Kdenlive',
      'MLT',
      'Avidemux',
      'iTunes',
      'iMovie',
      'QuickTime',
      'mp4creator',
      'OP1a Muxer',
      'reelmill',
    ],
  ].join('|')})`,
  'i',
);

/** Whether a text names a program that writes or encodes files. */
export const namesProgram = (text: string): boolean => PROGRAMS.test(text);

export const OLD_PROGRAM = 'it names the program that wrote or encoded the source';

/** Why a tag does not hold for a rendition: it names the form of the file that the source once was. */
export const namesOldForm = (name: string): string | undefined =>
  OF_THE_FORM.test(name) ? 'it names the form of an old file' : undefined;

/**
 * Why a tag does not hold for a rendition: it names the program that wrote or encoded the source, or the form of the source's
 * file. What names a camera's firmware stays. Undefined for all other tags.
 */
export function namesOldProgram(ofTag: string, value: string | Buffer | undefined): string | undefined {
  const name = ofTag.replace(/^----:[^:]*:/, ''); // a custom item of iTunes
  const form = namesOldForm(name);
  if (form !== undefined) return form;
  if (OF_ENCODERS.test(name)) return OLD_PROGRAM;
  return OF_SOFTWARE.test(name) && typeof value === 'string' && PROGRAMS.test(value) ? OLD_PROGRAM : undefined;
}

/** Whether a line is about what every Matroska says of who wrote it: the name of a program, and what that counted of the tracks. */
export const isOfWriter = (line: string): boolean => line === 'statistics' || OF_ENCODERS.test(line);

/** The tags without an MXF's identification, where a program and no camera wrote the file, and the names of those left out. */
export function withoutOldWriter(tags: Readonly<Record<string, string>>): {
  readonly left: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
} {
  const own = Object.entries(tags).filter(([name]) => IDENTIFICATION.test(name));
  if (!own.some(([, value]) => PROGRAMS.test(value))) return { left: [], tags };
  return {
    left: own.map(([name]) => name),
    tags: Object.fromEntries(Object.entries(tags).filter(([name]) => !IDENTIFICATION.test(name))),
  };
}

/** AVI has one field for both (ISFT), which ffmpeg calls the encoder: what names no program is what a camera says of itself. */
export function withFirmware(format: string, tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { encoder, ...others } = tags;
  const isFirmware = format === 'avi' && encoder !== undefined && !PROGRAMS.test(encoder);
  return isFirmware ? { ...others, software: encoder } : tags;
}
