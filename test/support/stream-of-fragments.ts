import { boxByPath, boxesOf } from '../../core/bytes/boxes.ts';

type Reference = { readonly start: number; readonly end: number; readonly seconds: number };

/** What a file of one track says of itself in front: its header, its index, and the ranges that the index names. */
export function indexOf(whole: Buffer) {
  const boxes = boxesOf(whole, 0, whole.length);
  const [moov, sidx] = ['moov', 'sidx'].map((type) => boxes.find((box) => box.type === type));
  if (!moov || !sidx) throw new Error('no header or no index');
  const scale = whole.readUInt32BE(sidx.body + 8);
  const references: Reference[] = [];
  let start = sidx.end + Number(whole.readBigUInt64BE(sidx.body + 20));
  for (let i = 0; i < whole.readUInt16BE(sidx.body + 30); i += 1) {
    const at = sidx.body + 32 + 12 * i;
    const end = start + (whole.readUInt32BE(at) & 0x7fff_ffff);
    references.push({ start, end, seconds: whole.readUInt32BE(at + 4) / scale });
    start = end;
  }
  return { headerBytes: moov.end, indexEnd: sidx.end, references };
}

type Track = { readonly url: string; readonly codec: string; readonly bytes: Buffer };

/** A manifest of DASH's on-demand profile over files of one track each. */
export function manifestOf(tracks: readonly [Track, Track], seconds: number): string {
  const sets = tracks.map(({ url, codec, bytes }, i) => {
    const { headerBytes, indexEnd } = indexOf(bytes);
    const kind = i === 0 ? 'video" width="160" height="90' : 'audio" audioSamplingRate="44100';
    return `<AdaptationSet mimeType="${i === 0 ? 'video' : 'audio'}/mp4" contentType="${i === 0 ? 'video' : 'audio'}">
      <Representation id="${kind.slice(0, 5)}" codecs="${codec}" bandwidth="200000"><BaseURL>${url.replaceAll('&', '&amp;')}</BaseURL>
      <SegmentBase indexRange="${headerBytes}-${indexEnd - 1}"><Initialization range="0-${headerBytes - 1}"/></SegmentBase>
      </Representation></AdaptationSet>`;
  });
  return `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" minBufferTime="PT1S"
    mediaPresentationDuration="PT${seconds}S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period>${sets.join('')}</Period></MPD>`;
}

/** A media playlist of HLS over a file of one track. */
export function playlistOfIndex({ url, bytes }: Pick<Track, 'url' | 'bytes'>): string {
  const { headerBytes, references } = indexOf(bytes);
  const rows = references.map(
    ({ start, end, seconds }) => `#EXTINF:${seconds.toFixed(6)},\n#EXT-X-BYTERANGE:${end - start}@${start}\n${url}`,
  );
  const head = `#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MAP:URI="${url}",BYTERANGE="${headerBytes}@0"`;
  return `${[head, ...rows, '#EXT-X-ENDLIST'].join('\n')}\n`;
}

/** Whether the first sample of the fragment at a byte is a keyframe, by the flags that its run or its header gives it. */
export function startsWithKeyframe(whole: Buffer, start: number): boolean {
  const moof = boxesOf(whole, start, whole.length)[0];
  const trun = moof && boxByPath(whole, moof, 'traf', 'trun');
  if (!trun) return false;
  const flags = whole.readUInt32BE(trun.body) & 0xff_ffff;
  return (flags & 4) !== 0 && (whole.readUInt32BE(trun.body + 12) & 0x1_0000) === 0;
}
