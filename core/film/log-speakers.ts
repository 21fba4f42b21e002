import { REPEATED } from './complaints.ts';
import { coversOf, type Probe } from './probe.ts';

/** Who says a line of ffmpeg's log: a decoder of the picture, of a cover or of another stream, or what reads and writes files. */
type Speaker = 'picture' | 'cover' | 'other' | 'file';

/**
 * Returns a function that tells of a line of ffmpeg's log, with its level or without, who says it; undefined where that cannot be
 * told from the line. A codec that the picture shares with other streams counts as the picture's.
 */
export function speakerIn({ streams }: Pick<Probe, 'streams'>, picture: number): (line: string) => Speaker | undefined {
  const covers = new Set(coversOf({ streams }).map(({ index }) => index));
  const kindOf = (index: number): Speaker => (index === picture ? 'picture' : covers.has(index) ? 'cover' : 'other');
  const byCodec = new Map<string, Speaker>();
  const rank = (kind: Speaker) => ['cover', 'other', 'picture'].indexOf(kind);
  for (const { index, codec } of streams) {
    const before = byCodec.get(codec);
    if (before === undefined || rank(kindOf(index)) > rank(before)) byCodec.set(codec, kindOf(index));
  }
  return (line) => {
    const stream = OF_STREAM.map((names) => names.exec(line)?.[1]).find((number) => number !== undefined);
    if (stream !== undefined) return kindOf(Number(stream));
    const name = /^\[([^\]@]+) @ /.exec(line)?.[1];
    if (name === undefined) return undefined;
    return byCodec.get(codecOfDecoder(name)) ?? (OF_FILES.test(name) ? 'file' : undefined);
  };
}

/** How lines name the stream that they are about. */
const OF_STREAM = [
  /^(?:\[\w+\] )?Error [^:]*stream #\d+:(\d+)/,
  /^\[[vas]ist#\d+:(\d+)/,
  /corrupt decoded frame in stream (\d+)$/,
];

/** Returns those lines of ffmpeg's log that satisfy `isMeant`, each with the line that says how often it was repeated. */
export function linesThat(said: readonly string[], isMeant: (line: string) => boolean): readonly string[] {
  let isTaken = false;
  return said.filter((line) => {
    if (!REPEATED.test(line)) isTaken = isMeant(line);
    return isTaken;
  });
}

/** Decoders of ffmpeg whose names are not those of their codecs, besides those that only add `lib`, `float` or `fixed`. */
const DECODERS: Readonly<Record<string, string>> = {
  dav1d: 'av1',
  'aom-av1': 'av1',
  'vpx-vp9': 'vp9',
  vpx: 'vp8',
  flv: 'flv1',
  msmpeg4: 'msmpeg4v3',
  openjpeg: 'jpeg2000',
  dvbsub: 'dvb_subtitle',
  dvdsub: 'dvd_subtitle',
  pgssub: 'hdmv_pgs_subtitle',
  zvbi_teletextdec: 'dvb_teletext',
  cc_dec: 'eia_608',
  ssa: 'ass',
  srt: 'subrip',
  dca: 'dts',
  real_144: 'ra_144',
  real_288: 'ra_288',
};

function codecOfDecoder(name: string): string {
  const plain = name.replace(/^(dec:)?(lib)?/, '').replace(/_?(float|fixed)$/, '');
  return DECODERS[plain] ?? plain;
}

/**
 * Demuxers, muxers, parsers (`NULL`, since no decoder is open for them) and protocols. A line of theirs says nothing of what a
 * picture or a sound decodes to, and whether a file is whole is judged by its structure.
 */
const OF_FILES =
  /^(NULL|.*,.*|(in|out)#\d+.*|(matroska|webm|mov|mp4|mpegts|mpeg|vob|null|avi|flv|live_flv|asf|rm|mxf|ogg|nut|dv|wav|gif|apng|concat|file|AV(IO|Format)Context))$/;
