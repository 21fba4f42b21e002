import { join } from 'node:path';
import { box, u32, u32le, withBox } from './boxes.ts';

/** What a trap leads to, and the honest films that some are hidden in. */
export type Bait = {
  /** A server that counts who calls it. */
  readonly address: string;
  /** A folder with canary.ts, canary.mov, canary.srt and canary.txt, which nobody may open. */
  readonly folder: string;
  readonly mov: Buffer;
  readonly avi: Buffer;
  readonly mkv: Buffer;
  readonly mp4: Buffer;
};

/** A file that leads to other files or addresses where something follows it. Several files may lie beside it. */
export type Trap = { readonly name: string; readonly files: Readonly<Record<string, string | Buffer>> };

/** Every way to a second file or an address that ffmpeg, a player or a library is known to follow. */
export function traps(bait: Bait): readonly Trap[] {
  const targets = Object.entries({
    address: `${bait.address}/canary.ts`,
    file: join(bait.folder, 'canary.ts'),
    'file address': `file://${join(bait.folder, 'canary.ts')}`,
    beside: '../bait/canary.ts',
  });
  const texts = targets.flatMap(([what, target]) =>
    Object.entries(SCRIPTS).map(([kind, script]) => ({
      name: `${kind} to ${what}`,
      files: { [`${kind}-${what}.mp4`.replaceAll(' ', '-')]: script(target) },
    })),
  );
  return [...texts, ...PROTOCOLS.map((prefix) => throughProtocol(prefix, bait)), ...hidden(bait)];
}

const HLS = (entry: string, tags = '') =>
  `#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:2\n${tags}#EXTINF:2,\n${entry}\n#EXT-X-ENDLIST\n`;

/** Texts that name another file, by their kind. */
const SCRIPTS: Readonly<Record<string, (target: string) => string>> = {
  hls: (to) => HLS(to),
  'hls key': (to) => HLS('data:video/mp2t;base64,R0dHRw==', `#EXT-X-KEY:METHOD=AES-128,URI="${to}"\n`),
  'hls map': (to) => HLS('data:video/mp4;base64,AAAA', `#EXT-X-MAP:URI="${to}"\n`),
  'hls master': (to) => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${to}\n`,
  'hls rendition': (to) =>
    `#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="${to}"\n#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"\nx.m3u8\n`,
  m3u: (to) => `#EXTM3U\n#EXTINF:1,canary\n${to}\n`,
  ffconcat: (to) => `ffconcat version 1.0\nfile '${to}'\n`,
  'concat script': (to) => `file '${to}'\nduration 1\n`,
  dash: (to) =>
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${to}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
  'dash template': (to) =>
    `<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" mediaPresentationDuration="PT1S"><Period><AdaptationSet><SegmentTemplate media="${to}" initialization="${to}"/><Representation id="1" bandwidth="1"/></AdaptationSet></Period></MPD>`,
  smil: (to) => `<smil><body><video src="${to}"/></body></smil>`,
  xspf: (to) =>
    `<playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track><location>${to}</location></track></trackList></playlist>`,
  asx: (to) => `<asx version="3.0"><entry><ref href="${to}"/></entry></asx>`,
  pls: (to) => `[playlist]\nFile1=${to}\nNumberOfEntries=1\n`,
  sdp: (to) => `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=${to}\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n`,
  svg: (to) => `<svg xmlns="http://www.w3.org/2000/svg"><image href="${to}" width="9" height="9"/></svg>`,
  'xml entity': (to) => `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "${to}">]><MPD>&b;</MPD>`,
  imf: (to) =>
    `<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"><Id>urn:uuid:1</Id><AssetMap><Path>${to}</Path></AssetMap></CompositionPlaylist>`,
  avisynth: (to) => `AviSource("${to}")\n`,
  lavfi: (to) => `movie='${to}'[out0]`,
  webvtt: (to) => `WEBVTT\n\nSTYLE\n@import url("${to}");\n\n00:00.000 --> 00:01.000\n<img src="${to}">\n`,
  ass: (to) =>
    `[Script Info]\n!include "${to}"\n[Fonts]\nfontname: ${to}\n[Events]\nDialogue: 0,0:00:00.00,0:00:01.00,,,0,0,0,,{\\img1(${to})}\n`,
  rtsptext: (to) => `[Reference]\nRef1=${to}\n`,
  ffmetadata: (to) => `;FFMETADATA1\ntitle=${to}\n`,
};

const PROTOCOLS = [
  'concat:',
  'subfile,,start,0,end,0,,:',
  'crypto:',
  'cache:',
  'async:',
  'hls+',
  'unix:',
  'pipe:',
  'gopher://',
  'data:text/plain,',
];

const throughProtocol = (prefix: string, { folder }: Bait): Trap => ({
  name: `hls through ${prefix}`,
  files: { [`protocol-${prefix.replaceAll(/\W/g, '')}.mp4`]: HLS(`${prefix}${join(folder, 'canary.ts')}`) },
});

/** Traps within honest films, and beside them. */
function hidden({ address, folder, mov, avi, mkv, mp4 }: Bait): readonly Trap[] {
  const dref = ['moov', 'trak', 'mdia', 'minf', 'dinf', 'dref'];
  const referring = (entry: Buffer) => withBox(mov, dref, () => Buffer.concat([u32(0), u32(1), entry]));
  const url = (to: string) => box('url ', u32(0), `${to}\0`);
  const to = `${address}/canary.mov`;
  const playlist = HLS(`${address}/canary.ts`);
  return [
    { name: 'QuickTime, media at an address', files: { 'dref-address.mov': referring(url(to)) } },
    { name: 'QuickTime, media in a file', files: { 'dref-file.mov': referring(url(`file://${folder}/canary.mov`)) } },
    {
      name: 'QuickTime, media by an alias',
      files: { 'dref-alias.mov': referring(box('alis', u32(0), alias('canary.mov'))) },
    },
    { name: 'QuickTime, a movie that refers to another', files: { 'reference.mov': referenceMovie(to) } },
    { name: 'AVI, a playlist as its subtitle (GAB2)', files: { 'gab2.avi': withSubtitle(avi, playlist) } },
    {
      name: 'Matroska, the next file of a linked segment',
      files: { 'linked.mkv': linked(mkv, join(folder, 'canary.mov')) },
    },
    {
      name: 'an honest film with a playlist as its subtitle beside',
      files: { 'honest.mp4': mp4, 'honest.eng.srt': playlist },
    },
    {
      name: 'an honest film with a script as its subtitle beside',
      files: { 'other.mov': mov, 'other.eng.ass': (SCRIPTS.ass ?? String)(to) },
    },
    {
      name: 'an honest film with settings that lead elsewhere',
      files: {
        'set.mp4': mp4,
        'set.mp4.reelmill.json': JSON.stringify({ settings: { model: `../../${folder}/canary` } }),
      },
    },
  ];
}

/** A reference movie of QuickTime (rmra): it has no media, and names where a player finds some. */
const referenceMovie = (to: string) =>
  Buffer.concat([
    box('ftyp', 'qt  ', u32(512), 'qt  '),
    box('moov', box('rmra', box('rmda', box('rdrf', u32(0), 'url ', u32(to.length + 1), `${to}\0`)))),
  ]);

/** An alias of Mac OS (Inside Macintosh: Files), as ffmpeg reads it: the volume, the name, how many folders up and down, the path. */
function alias(name: string): Buffer {
  const bytes = Buffer.alloc(150);
  bytes.writeUInt8(6, 10);
  bytes.write('volume', 11);
  bytes.writeUInt8(name.length, 50);
  bytes.write(name, 51);
  bytes.writeUInt16BE(1, 130);
  bytes.writeUInt16BE(1, 132);
  const path = Buffer.alloc(4 + name.length + (name.length % 2));
  path.writeUInt16BE(2, 0);
  path.writeUInt16BE(name.length, 2);
  path.write(name, 4);
  return Buffer.concat([bytes, path, Buffer.from([0xff, 0xff, 0, 0])]);
}

/** Makes the sound of an AVI its subtitle, whose first chunk holds this text in the form that DivX players read. */
function withSubtitle(avi: Buffer, text: string): Buffer {
  const bytes = Buffer.from(avi);
  bytes.write('txts', bytes.indexOf('auds'), 'latin1');
  const chunk = bytes.indexOf('01wb', bytes.indexOf('movi'), 'latin1');
  const size = bytes.readUInt32LE(chunk + 4);
  const head = Buffer.concat([
    Buffer.from('GAB2\0\x02\0', 'latin1'),
    u32le(2),
    Buffer.from('a\0\x04\0', 'latin1'),
    u32le(size - 17),
  ]);
  if (head.length + text.length > size)
    throw new Error(`the sound's first chunk has ${size} bytes, too few for the text`);
  bytes.fill('\n', chunk + 8, chunk + 8 + size);
  head.copy(bytes, chunk + 8);
  bytes.write(text, chunk + 8 + head.length);
  for (let at = chunk; at >= 0; at = bytes.indexOf('01wb', at + 1, 'latin1')) bytes.write('01tx', at, 'latin1');
  return bytes;
}

/** Names the next file in place of the title, which has to be as long: NextFilename is 3E83BB, Title 7BA9. */
function linked(mkv: Buffer, next: string): Buffer {
  const title = mkv.indexOf('7ba9', 0, 'hex');
  const length = (mkv[title + 2] ?? 0) & 0x7f;
  const bytes = Buffer.from(mkv);
  Buffer.from('3e83bb', 'hex').copy(bytes, title);
  bytes[title + 3] = 0x80 | (length - 1);
  bytes.write(next.slice(0, length - 1).padEnd(length - 1, '\0'), title + 4);
  return bytes;
}
