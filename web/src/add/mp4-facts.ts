type Box = { readonly type: string; readonly from: number; readonly to: number };

type VideoFacts = {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  readonly fps: number;
};

/** Reads the first track of pictures of an MP4 or QuickTime header; undefined where it does not say all of it. */
export function videoOfMoov(moov: DataView): VideoFacts | undefined {
  for (const track of childrenOf(moov, { type: 'moov', from: 8, to: moov.byteLength })) {
    if (track.type !== 'trak') continue;
    const media = pathIn(moov, track, ['mdia']);
    const handler = media && pathIn(moov, media, ['hdlr']);
    if (!media || !handler || nameAt(moov, handler.from + 8) !== 'vide') continue;
    const [header, sizes, times] = [
      pathIn(moov, media, ['mdhd']),
      pathIn(moov, media, ['minf', 'stbl', 'stsd']),
      pathIn(moov, media, ['minf', 'stbl', 'stts']),
    ];
    if (!header || !sizes || !times) continue;
    const seconds = secondsOf(moov, header);
    const frames = framesOf(moov, times);
    const [width, height] = [moov.getUint16(sizes.from + 8 + 32), moov.getUint16(sizes.from + 8 + 34)];
    if (seconds > 0 && frames > 0 && width > 0 && height > 0) return { width, height, seconds, fps: frames / seconds };
  }
  return undefined;
}

function secondsOf(view: DataView, { from }: Box): number {
  const isLong = view.getUint8(from) === 1;
  const scale = view.getUint32(from + (isLong ? 20 : 12));
  const ticks = isLong ? Number(view.getBigUint64(from + 24)) : view.getUint32(from + 16);
  return scale > 0 ? ticks / scale : 0;
}

function framesOf(view: DataView, { from, to }: Box): number {
  let frames = 0;
  const rows = Math.min(view.getUint32(from + 4), Math.floor((to - from - 8) / 8));
  for (let row = 0; row < rows; row++) frames += view.getUint32(from + 8 + 8 * row);
  return frames;
}

function pathIn(view: DataView, box: Box, path: readonly string[]): Box | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return box;
  const child = childrenOf(view, box).find(({ type }) => type === name);
  return child && pathIn(view, child, rest);
}

/** The boxes inside of one, each without its head. A box that would go beyond its parent ends the list. */
function childrenOf(view: DataView, { from, to }: Box): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > to) break;
    boxes.push({ type: nameAt(view, at + 4), from: at + 8, to: at + size });
    at += size;
  }
  return boxes;
}

const nameAt = (view: DataView, at: number) =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
