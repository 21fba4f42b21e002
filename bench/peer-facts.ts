import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What ffprobe tells of a film. */
export type Seen = {
  readonly width: number;
  readonly height: number;
  readonly streams: number;
  /** What people would miss: tags, languages, chapters, colours, the turn of the picture. */
  readonly facts: readonly string[];
  readonly all: string;
};

/** Tags of the program that wrote a file, and what every encode changes. */
const NOT_MISSED =
  /^(encoder|major_brand|minor_version|compatible_brands|duration|handler_name|vendor_id|.*statistics.*|bps|number_of_.*)$/i;

type Stream = {
  readonly codec_type?: string;
  readonly width?: number;
  readonly height?: number;
  readonly channels?: number;
  readonly color_transfer?: string;
  readonly pix_fmt?: string;
  readonly tags?: Record<string, string>;
  readonly side_data_list?: readonly { readonly side_data_type?: string; readonly max_content?: number }[];
};
type Probed = {
  readonly streams?: readonly Stream[];
  readonly format?: { readonly tags?: Record<string, string> };
  readonly chapters?: readonly { readonly tags?: Record<string, string> }[];
};

export async function seenIn(path: string): Promise<Seen> {
  const all = await described(path);
  const { streams = [], format = {}, chapters = [] }: Probed = JSON.parse(all);
  const video = streams.find(({ codec_type }) => codec_type === 'video');
  const tags = [format.tags, ...streams.map((stream) => stream.tags), ...chapters.map((chapter) => chapter.tags)];
  const facts = tags.flatMap((each) =>
    Object.entries(each ?? {}).flatMap(([name, value]) => (NOT_MISSED.test(name) || value === 'und' ? [] : [value])),
  );
  const { color_transfer: transfer = 'unknown' } = video ?? {};
  const more = [
    ...(transfer === 'unknown' ? [] : [transfer]),
    ...(video?.side_data_list ?? []).flatMap(({ side_data_type = '' }) =>
      side_data_type === 'CPB properties' ? [] : side_data_type || [],
    ),
    ...(video?.pix_fmt?.includes('10') ? ['10le'] : []),
  ];
  return {
    ...{ width: video?.width ?? 0, height: video?.height ?? 0, streams: streams.length, all },
    facts: [...new Set([...facts, ...more])],
  };
}

/** All that ffprobe says of a file, as JSON; empty for what is no film. */
export async function described(path: string): Promise<string> {
  const args = ['-v', 'quiet', '-show_streams', '-show_format', '-show_chapters', '-of', 'json', path];
  const { stdout } = await promisify(execFile)('ffprobe', args).catch(({ stdout }: { stdout?: string }) => ({
    stdout: stdout ?? '{}',
  }));
  return stdout;
}

/** The frames that ffprobe decodes; 0 for a file in which it finds none. */
export async function framesDecoded(path: string): Promise<number> {
  const args = ['-v', 'quiet', '-select_streams', 'v:0', '-count_frames', '-show_entries', 'stream=nb_read_frames'];
  const run = promisify(execFile)('ffprobe', [...args, '-of', 'csv=p=0', path]);
  const { stdout } = await run.catch(() => ({ stdout: '' })); // it has no frames to show
  return Number.parseInt(stdout, 10) || 0;
}
