/** A playlist file as it is published. */
export type PlaylistText = { readonly path: string; readonly content: string };

/** The attributes of a line of a playlist, as BANDWIDTH=1000,CODECS="avc1,mp4a". */
export function playlistAttributes(line: string): Readonly<Record<string, string>> {
  const pairs = [...line.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value.replaceAll('"', '')]));
}

/** A media playlist as players read it. */
export type MediaRead = {
  readonly path: string;
  readonly targetSeconds: number;
  readonly segments: readonly { readonly seconds: number; readonly from: number; readonly bytes: number }[];
  readonly isKeyframesOnly: boolean;
};

/** Reads a media playlist (RFC 8216 section 4) of ours; lengths in seconds, byte ranges where it has some. */
export function readMedia({ path, content }: PlaylistText): MediaRead {
  const segments = [...content.matchAll(/#EXTINF:([\d.]+),\n(?:#EXT-X-BYTERANGE:(\d+)@(\d+)\n)?/g)];
  return {
    path,
    targetSeconds: Number(/#EXT-X-TARGETDURATION:(\d+)/.exec(content)?.[1]),
    segments: segments.map(([, seconds, bytes = '0', from = '0']) => ({
      ...{ seconds: Number(seconds), from: Number(from), bytes: Number(bytes) },
    })),
    isKeyframesOnly: content.includes('#EXT-X-I-FRAMES-ONLY'),
  };
}

/** One representation of a DASH manifest. */
type RepresentationRead = {
  readonly id: string;
  /** When each segment begins and how long it lasts, in ticks. */
  readonly timeline: readonly { readonly at: number; readonly lasts: number }[];
  readonly ticks: number;
  readonly ranges: number;
};

/** Reads a manifest of DASH (ISO/IEC 23009-1) of ours; lengths in seconds. */
export function readMpd(content: string): {
  readonly seconds: number;
  readonly representations: readonly RepresentationRead[];
} {
  const found = [...content.matchAll(/<Representation id="([^"]+)"([\s\S]*?)<\/Representation>/g)];
  return {
    seconds: Number(/mediaPresentationDuration="PT([\d.]+)S"/.exec(content)?.[1]),
    representations: found.map(([, id = '', body = '']) => ({
      id,
      ticks: Number(/timescale="(\d+)"/.exec(body)?.[1]),
      timeline: [...body.matchAll(/<S t="(-?\d+)" d="(-?\d+)"/g)].map(([, at, lasts]) => ({
        ...{ at: Number(at), lasts: Number(lasts) },
      })),
      ranges: [...body.matchAll(/<SegmentURL /g)].length,
    })),
  };
}
