import { boxByPath, boxBytes, boxesOf, type MemoryBox, movieIn, newBox, withBox } from '../bytes/boxes.ts';
import { ServiceError } from '../errors.ts';
import type { Size } from './frame-size.ts';
import { sphericalOfVexu } from './spatial-boxes.ts';

/**
 * The boxes that tell a player that a picture is a sphere, or a sound a sound field: st3d and sv3d in the picture's sample
 * entry, the older XMP as a uuid box in its track (Google's Spherical Video RFC, versions 2 and 1), and SA3D in a sound's
 * sample entry (Spatial Audio RFC), by the number of its track in the file.
 */
export type Spherical = {
  readonly st3d: Buffer | undefined;
  readonly sv3d: Buffer | undefined;
  readonly xmp: Buffer | undefined;
  readonly sa3d: ReadonlyMap<number, Buffer>;
};

const XMP_UUID = Buffer.from('ffcc8263f8554a938814587a02521fdd', 'hex');
const STSD = ['mdia', 'minf', 'stbl', 'stsd'];

/** Whether a whole box is the older XMP of a sphere. */
export const isSphereXmp = (bytes: Buffer): boolean => boxesOf(bytes, 0, bytes.length).some((box) => isXmp(bytes, box));

/** The entries of `stsd` follow its version, flags and count. */
const STSD_HEADER = 8;

/** Reads the spherical boxes of a movie box; undefined where it has none. `picture` is the number of the picture's track. */
export function sphericalIn(moov: Buffer, picture: number): Spherical | undefined {
  const tracks = tracksOf(moov);
  const track = tracks[picture];
  const inEntry = (of: MemoryBox | undefined, handler: string, type: string) => {
    const entry = of && handlerOf(moov, of) === handler ? firstEntry(moov, of) : undefined;
    const found = entry && extensionsOf(moov, entry, handler).find((each) => each.type === type);
    return found && Buffer.from(boxBytes(moov, found));
  };
  const uuid = track && boxesOf(moov, track.body, track.end).find((box) => isXmp(moov, box));
  const sa3d = tracks.flatMap((each, i) => {
    const found = inEntry(each, 'soun', 'SA3D');
    return found ? [[i, found] as const] : [];
  });
  const vexu = inEntry(track, 'vide', 'vexu');
  const own = { st3d: inEntry(track, 'vide', 'st3d'), sv3d: inEntry(track, 'vide', 'sv3d') };
  const { st3d, sv3d } = own.st3d || own.sv3d || !vexu ? own : (sphericalOfVexu(vexu) ?? own);
  const xmp = uuid && Buffer.from(boxBytes(moov, uuid));
  if (!st3d && !sv3d && !xmp && sa3d.length === 0) return undefined;
  return { st3d, sv3d, xmp, sa3d: new Map(sa3d) };
}

/** Returns the movie box with these spherical boxes instead of any that it had. Its first track must be the picture. */
export function withSpherical(moov: Buffer, { st3d, sv3d, xmp, sa3d }: Spherical): Buffer {
  const movie = movieIn(moov);
  const tracks = tracksOf(moov);
  const parts = boxesOf(moov, movie.body, movie.end).map((box) => {
    const number = tracks.findIndex(({ start }) => start === box.start);
    const inEntry = number === 0 ? [st3d, sv3d] : [sa3d.get(number)];
    if (number < 0 || (number > 0 && handlerOf(moov, box) !== 'soun')) return boxBytes(moov, box);
    return withExtensions(moov, box, { inEntry, inTrack: number === 0 ? xmp : undefined });
  });
  return newBox('moov', ...parts);
}

const OURS: readonly string[] = ['st3d', 'sv3d', 'SA3D'];

function withExtensions(
  moov: Buffer,
  track: MemoryBox,
  { inEntry, inTrack }: { readonly inEntry: readonly (Buffer | undefined)[]; readonly inTrack: Buffer | undefined },
): Buffer {
  const handler = handlerOf(moov, track);
  const edited = withBox(moov, track, STSD, (stsd) => {
    const [entry, ...others] = boxesOf(moov, stsd.body + STSD_HEADER, stsd.end);
    if (!entry) return boxBytes(moov, stsd);
    const extensions = extensionsOf(moov, entry, handler);
    const fixed = moov.subarray(entry.body, extensions[0]?.start ?? entry.end);
    const kept = extensions.filter(({ type }) => !OURS.includes(type)).map((box) => boxBytes(moov, box));
    const added = inEntry.filter((box) => box !== undefined);
    const head = moov.subarray(stsd.body, stsd.body + STSD_HEADER);
    return newBox(
      'stsd',
      head,
      newBox(entry.type, fixed, ...kept, ...added),
      ...others.map((box) => boxBytes(moov, box)),
    );
  });
  const [whole] = boxesOf(edited, 0, edited.length);
  if (!whole) return edited;
  const children = boxesOf(edited, whole.body, whole.end).filter((box) => !isXmp(edited, box));
  return newBox('trak', ...children.map((box) => boxBytes(edited, box)), ...(inTrack ? [inTrack] : []));
}

/** Adds `by` bytes, in place, to the offset of every chunk at or behind `from` (ISO/IEC 14496-12 8.7.5). Throws where an offset outgrows its field. */
export function moveChunks(moov: Buffer, from: number, by: number): void {
  for (const track of tracksOf(moov)) {
    const stbl = boxByPath(moov, track, 'mdia', 'minf', 'stbl');
    for (const { type, body } of stbl ? boxesOf(moov, stbl.body, stbl.end) : []) {
      if (type !== 'stco' && type !== 'co64') continue;
      const bytes = type === 'stco' ? 4 : 8;
      const count = moov.readUInt32BE(body + 4);
      for (let at = body + 8, i = 0; i < count; i++, at += bytes) {
        const offset = type === 'stco' ? moov.readUInt32BE(at) : Number(moov.readBigUInt64BE(at));
        if (offset < from) continue;
        if (type === 'co64') moov.writeBigUInt64BE(BigInt(offset + by), at);
        else moov.writeUInt32BE(offset + by, at);
      }
    }
  }
}

/** Returns the projection's name: "equirectangular", "cubemap", "mesh", or the XMP's name; undefined where no box names one. */
export function projectionOf({ sv3d, xmp }: Spherical): string | undefined {
  const [box] = sv3d ? boxesOf(sv3d, 0, sv3d.length) : [];
  const proj = sv3d && box && boxByPath(sv3d, box, 'proj');
  const kind = sv3d && proj && boxesOf(sv3d, proj.body, proj.end).find(({ type }) => type !== 'prhd')?.type;
  if (kind !== undefined) return PROJECTIONS[kind] ?? kind;
  return xmp && /<GSpherical:ProjectionType>\s*([\w -]{1,40})\s*</.exec(xmp.toString('utf8'))?.[1]?.toLowerCase();
}

/** Returns the metadata of a film of which only XMP tells, as WebM has it in a tag. */
export const sphericalOfXmp = (text: string): Spherical => ({
  st3d: undefined,
  sv3d: undefined,
  xmp: newBox('uuid', XMP_UUID, Buffer.from(text, 'utf8')),
  sa3d: new Map(),
});

const PROJECTIONS: Readonly<Record<string, string>> = { equi: 'equirectangular', cbmp: 'cubemap', mshp: 'mesh' };

/**
 * Throws `bad-input` where the source is not marked as an equirectangular sphere. `advice` is what can be told of it by its name
 * and its tags.
 */
export function requireEquirectangular(spherical: Spherical | undefined, source: string, advice?: string): void {
  const projection = spherical && projectionOf(spherical);
  if (projection === 'equirectangular') return;
  const then = advice ?? "convert it first (ffmpeg's v360) and inject what says so";
  const reason =
    projection === undefined
      ? `does not say that it is a sphere: it has neither sv3d nor the older XMP, nor a Projection as Matroska has it; ${advice ?? 'have them injected (Spatial Media Metadata Injector) and drop it again, or say what it is by projection='}`
      : `is a sphere by ${projection}, and only equirectangular ones are taken; ${then}`;
  throw new ServiceError('bad-input', `${source} ${reason}`);
}

/** Returns the metadata of a sphere that was made equirectangular, or that its owner calls so: its pose and its eyes stay. */
export function madeEquirectangular(found: Spherical | undefined): Spherical {
  const sv3d = found?.sv3d;
  const [box] = sv3d ? boxesOf(sv3d, 0, sv3d.length) : [];
  const proj = sv3d && box && boxByPath(sv3d, box, 'proj');
  const pose = sv3d && proj && boxesOf(sv3d, proj.body, proj.end).find(({ type }) => type === 'prhd');
  return {
    st3d: found?.st3d,
    sv3d: newBox(
      'sv3d',
      newBox('svhd', Buffer.from('\0\0\0\0Reelmill\0', 'latin1')),
      newBox(
        'proj',
        sv3d && pose ? boxBytes(sv3d, pose) : newBox('prhd', Buffer.alloc(16)),
        newBox('equi', Buffer.alloc(20)),
      ),
    ),
    xmp: undefined,
    sa3d: found?.sa3d ?? new Map(),
  };
}

/** Returns the boxes for a picture of another size. Only the XMP changes, which counts in pixels; st3d and sv3d hold fractions. */
export function scaledTo(spherical: Spherical, from: Size, to: Size): Spherical {
  const { xmp } = spherical;
  if (!xmp || (from.width === to.width && from.height === to.height)) return spherical;
  const [box] = boxesOf(xmp, 0, xmp.length);
  const text = xmp.toString('utf8', (box?.body ?? 8) + XMP_UUID.length);
  const scaled = text.replace(
    /(<GSpherical:(?:FullPano|CroppedArea(?:Image)?)(Width|Left|Height|Top)Pixels>)\s*(\d{1,7})\s*(?=<)/g,
    (_, tag: string, side: string, pixels: string) => {
      const factor = side === 'Width' || side === 'Left' ? to.width / from.width : to.height / from.height;
      return `${tag}${Math.round(Number(pixels) * factor)}`;
    },
  );
  return { ...spherical, xmp: newBox('uuid', XMP_UUID, Buffer.from(scaled, 'utf8')) };
}

/** Returns the names of the boxes that are not the same byte for byte. */
export function sphericalDifferences(wanted: Spherical, found: Spherical | undefined): readonly string[] {
  const differ = (a: Buffer | undefined, b: Buffer | undefined) => (a && b ? !a.equals(b) : a !== b);
  const boxes = (['st3d', 'sv3d', 'xmp'] as const).filter((name) => differ(wanted[name], found?.[name]));
  const numbers = new Set([...wanted.sa3d.keys(), ...(found?.sa3d.keys() ?? [])]);
  const sounds = [...numbers].filter((number) => differ(wanted.sa3d.get(number), found?.sa3d.get(number)));
  return [...boxes, ...sounds.map((number) => `SA3D of track ${number}`)];
}

function tracksOf(moov: Buffer): readonly MemoryBox[] {
  const [movie] = boxesOf(moov, 0, moov.length);
  return movie ? boxesOf(moov, movie.body, movie.end).filter(({ type }) => type === 'trak') : [];
}

function handlerOf(moov: Buffer, track: MemoryBox): string {
  const hdlr = boxByPath(moov, track, 'mdia', 'hdlr');
  return hdlr && hdlr.end - hdlr.body >= 12 ? moov.toString('latin1', hdlr.body + 8, hdlr.body + 12) : '';
}

function firstEntry(moov: Buffer, track: MemoryBox): MemoryBox | undefined {
  const stsd = boxByPath(moov, track, ...STSD);
  return stsd && boxesOf(moov, stsd.body + STSD_HEADER, stsd.end)[0];
}

/** Returns the boxes behind a sample entry's fixed part: 78 bytes in a picture's entry, 28 or more in a sound's. */
function extensionsOf(moov: Buffer, entry: MemoryBox, handler: string): readonly MemoryBox[] {
  const isSound = handler === 'soun' && entry.end - entry.body >= 28;
  const version = isSound ? moov.readUInt16BE(entry.body + 8) : 0;
  const fixed = isSound ? 28 + (QUICKTIME_SOUND[version] ?? 0) : 78;
  return boxesOf(moov, entry.body + fixed, entry.end);
}

/** Bytes that QuickTime's versions 1 and 2 of a sound's sample entry have more than version 0. */
const QUICKTIME_SOUND: Readonly<Record<number, number>> = { 1: 16, 2: 36 };

const isXmp = (bytes: Buffer, { type, body, end }: MemoryBox) =>
  type === 'uuid' && end - body >= XMP_UUID.length && bytes.subarray(body, body + XMP_UUID.length).equals(XMP_UUID);
