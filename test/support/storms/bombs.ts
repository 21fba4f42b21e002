import { crc32, deflateSync } from 'node:zlib';
import { box, u32, withBox } from './boxes.ts';
import type { Bait, Trap } from './traps.ts';

/** Small files that would become gigabytes where somebody believes what they say of themselves. */
export function bombs({ mov, mp4, avi }: Pick<Bait, 'mov' | 'mp4' | 'avi'>): readonly Trap[] {
  const stbl = ['moov', 'trak', 'mdia', 'minf', 'stbl'];
  const counting = (name: string, table: string, content: Buffer): Trap => ({
    name: `QuickTime, ${name}`,
    files: { [`${table}.mov`]: withBox(mov, [...stbl, table], () => content) },
  });
  const png = hugePng(30_000);
  return [
    { name: 'a PNG of 60000x60000 that calls itself MP4', files: { 'png.mp4': hugePng(60_000) } },
    { name: 'an animated PNG of 60000x60000', files: { 'apng.mp4': hugePng(60_000, true) } },
    { name: 'a GIF of 65535x65535', files: { 'gif.mp4': hugeGif() } },
    { name: 'an MNG of 2^31-1 columns', files: { 'mng.mp4': hugeMng() } },
    { name: 'MP4 with a cover of 30000x30000', files: { 'cover.mp4': withCover(mp4, png) } },
    { name: 'MJPEG whose frames say 65500x65500', files: { 'jpeg.avi': hugeJpegs(avi) } },
    { name: 'QuickTime, an index of 250 MB packed into 250 KB (cmov)', files: { 'cmov.mov': packedIndex(250e6) } },
    counting('4,294,967,295 samples', 'stsz', Buffer.concat([u32(0), u32(0), u32(0xffffffff)])),
    counting('4,294,967,295 samples of 1 byte', 'stsz', Buffer.concat([u32(0), u32(1), u32(0xffffffff)])),
    counting('4,294,967,295 times', 'stts', Buffer.concat([u32(0), u32(1), u32(0xffffffff), u32(1)])),
    counting('4,294,967,295 chunks', 'stco', Buffer.concat([u32(0), u32(0xffffffff)])),
  ];
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  return Buffer.concat([u32(content.length), named, u32(crc32(named))]);
}

/** One bit a pixel, all of them black; the data end after a part of the lines. */
function hugePng(side: number, isAnimated = false): Buffer {
  const head = Buffer.concat([u32(side), u32(side), Buffer.from([1, 0, 0, 0, 0])]);
  const data = deflateSync(Buffer.alloc(20e6));
  const frame = Buffer.concat([u32(0), u32(side), u32(side), u32(0), u32(0), Buffer.from([0, 1, 0, 10, 0, 0])]);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    ...(isAnimated ? [chunk('acTL', Buffer.concat([u32(2), u32(0)])), chunk('fcTL', frame)] : []),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function hugeGif(): Buffer {
  const screen = Buffer.from('474946383961ffffffff800000000000ffffff', 'hex');
  const loop = Buffer.from('21ff0b4e45545343415045322e300301000000', 'hex');
  const picture = Buffer.from('21f9040a0a000000002c00000000ffffffff0002024c0100', 'hex');
  return Buffer.concat([screen, loop, picture, picture, Buffer.from('3b', 'hex')]);
}

const hugeMng = () =>
  Buffer.concat([
    Buffer.from('8a4d4e470d0a1a0a', 'hex'),
    chunk('MHDR', Buffer.concat([0x7fffffff, 0x7fffffff, 1000, 0, 0, 0, 0].map(u32))),
    chunk('MEND', Buffer.alloc(0)),
  ]);

/** The cover as iTunes writes it, in place of what the movie says of itself. */
function withCover(mp4: Buffer, png: Buffer): Buffer {
  const data = box('data', u32(14), u32(0), png);
  const handler = box('hdlr', u32(0), u32(0), 'mdirappl', u32(0), u32(0), '\0');
  const meta = box('meta', u32(0), handler, box('ilst', box('covr', data)));
  return withBox(mp4, ['moov', 'udta'], () => meta);
}

/** Every frame's header (SOF0) says another size than the film's. */
function hugeJpegs(avi: Buffer): Buffer {
  const bytes = Buffer.from(avi);
  for (let at = bytes.indexOf('ffc00011', 0, 'hex'); at >= 0; at = bytes.indexOf('ffc00011', at + 4, 'hex'))
    bytes.writeUInt32BE(0xffdcffdc, at + 5);
  return bytes;
}

function packedIndex(bytes: number): Buffer {
  const packed = deflateSync(Buffer.alloc(bytes));
  const index = box('moov', box('cmov', box('dcom', 'zlib'), box('cmvd', u32(bytes), packed)));
  return Buffer.concat([box('ftyp', 'qt  ', u32(512), 'qt  '), box('mdat', Buffer.alloc(1000)), index]);
}
