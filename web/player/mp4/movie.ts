import { type Box, boxBelow, boxesIn, joined, u16, u32, u64 } from './boxes.ts';
import { codecOf, handlerOf, sampleEntryOf, sphereOf } from './codec.ts';

export type MovieTrack = {
  readonly id: number;
  readonly kind: 'picture' | 'sound';
  readonly timescale: number;
  /** The `codecs` parameter of the track itself; what a playlist says of it may be wrong. */
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** How long a sample lasts whose fragment does not say so, in ticks (`trex`). */
  readonly sampleTicks: number;
};

export type Movie = {
  readonly tracks: readonly MovieTrack[];
  /** Whether its samples lie in fragments, as Media Source Extensions need it. */
  readonly isFragmented: boolean;
  /** 0 where the header does not know it. */
  readonly seconds: number;
  readonly sphere: 'mono' | 'top-bottom' | 'left-right' | undefined;
};

/** Reads `moov`, a whole box. Tracks that are neither picture nor sound are left out. */
export function readMovie(bytes: Uint8Array): Movie {
  const moov = { body: 8, end: bytes.length };
  const mvex = boxBelow(bytes, moov, 'mvex');
  const extended = mvex ? boxesIn(bytes, mvex.body, mvex.end).filter(({ type }) => type === 'trex') : [];
  const traks = boxesIn(bytes, moov.body, moov.end).filter(({ type }) => type === 'trak');
  const tracks = traks.flatMap((trak): readonly MovieTrack[] => {
    const id = trackId(bytes, trak);
    const kind = { vide: 'picture', soun: 'sound' }[handlerOf(bytes, trak)];
    const entry = sampleEntryOf(bytes, trak);
    const mdhd = boxBelow(bytes, trak, 'mdia/mdhd');
    if ((kind !== 'picture' && kind !== 'sound') || !entry || !mdhd) return [];
    const trex = extended.find(({ body }) => u32(bytes, body + 4) === id);
    return [
      {
        ...{ id, kind, codec: codecOf(bytes, entry, kind === 'picture') },
        timescale: u32(bytes, mdhd.body + (bytes[mdhd.body] === 1 ? 20 : 12)) || 1,
        width: kind === 'picture' ? u16(bytes, entry.body + 24) : 0,
        height: kind === 'picture' ? u16(bytes, entry.body + 26) : 0,
        sampleTicks: trex ? u32(bytes, trex.body + 12) : 0,
      },
    ];
  });
  const picture = traks.find((trak) => handlerOf(bytes, trak) === 'vide');
  const entry = picture && sampleEntryOf(bytes, picture);
  const sphere = entry && sphereOf(bytes, entry);
  return { tracks, isFragmented: mvex !== undefined, seconds: secondsOf(bytes, moov, mvex), sphere };
}

function secondsOf(bytes: Uint8Array, moov: Pick<Box, 'body' | 'end'>, mvex: Box | undefined): number {
  const mvhd = boxBelow(bytes, moov, 'mvhd');
  if (!mvhd) return 0;
  const isLong = bytes[mvhd.body] === 1;
  const timescale = u32(bytes, mvhd.body + (isLong ? 20 : 12)) || 1;
  const mehd = mvex && boxBelow(bytes, mvex, 'mehd');
  const ticks = mehd
    ? bytes[mehd.body] === 1
      ? u64(bytes, mehd.body + 4)
      : u32(bytes, mehd.body + 4)
    : isLong
      ? u64(bytes, mvhd.body + 24)
      : u32(bytes, mvhd.body + 16);
  return ticks >= 2 ** 32 - 1 ? 0 : ticks / timescale;
}

/** The header of some of a file's tracks: `ftyp` and a `moov` that knows no others, so that a buffer of its own takes them. */
export function headerOf(ftyp: Uint8Array, moov: Uint8Array, keep: ReadonlySet<number>): Uint8Array<ArrayBuffer> {
  const parts = boxesIn(moov, 8, moov.length).flatMap((box): readonly Uint8Array[] => {
    const whole = moov.subarray(box.start, box.end);
    if (box.type === 'trak') return keep.has(trackId(moov, box)) ? [whole] : [];
    if (box.type !== 'mvex') return [whole];
    const rows = boxesIn(moov, box.body, box.end).filter(
      ({ type, body }) => type !== 'trex' || keep.has(u32(moov, body + 4)),
    );
    return [
      boxOf(
        'mvex',
        rows.map(({ start, end }) => moov.subarray(start, end)),
      ),
    ];
  });
  return joined([ftyp, boxOf('moov', parts)]);
}

function boxOf(type: string, parts: readonly Uint8Array[]): Uint8Array {
  const body = joined(parts);
  const header = new Uint8Array(8);
  new DataView(header.buffer).setUint32(0, 8 + body.length);
  for (let i = 0; i < 4; i++) header[4 + i] = type.charCodeAt(i);
  return joined([header, body]);
}

function trackId(bytes: Uint8Array, trak: Box): number {
  const tkhd = boxBelow(bytes, trak, 'tkhd');
  return tkhd ? u32(bytes, tkhd.body + (bytes[tkhd.body] === 1 ? 20 : 12)) : 0;
}
