import { newBox } from '../../core/bytes/boxes.ts';
import {
  ASF_ALONE,
  type AsfText,
  describedTexts,
  extendedTexts,
  libraryTexts,
} from '../../core/description/asf-texts.ts';
import { type MetadataBox, XMP } from '../../core/description/metadata.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';

/** What an ASF says of its film besides its streams: texts, and what no other container has a place for. */
type AsfHeader = { readonly texts: readonly AsfText[]; readonly boxes: readonly MetadataBox[] };

/** The id of XMP as ASF writes ids, with its first three parts turned round. */
const XMP_HERE = 'cbcf7abea997e8429c71999491e3afac';
const HEADER = '3026b2758e66cf11a6d900aa0062ce6c';
const EXTENSION = 'b503bf5f2ea9cf118ee300c00c205365';
const TEXTS: Readonly<Record<string, (body: Buffer) => readonly AsfText[]>> = {
  '3326b2758e66cf11a6d900aa0062ce6c': describedTexts,
  '40a4d0d207e3d21197f000a0c95ea850': extendedTexts,
  eacbf8c5af5b77488467aa8c44fa4cca: libraryTexts,
  '941c23449894d149a1411d134e457054': libraryTexts,
};
/** Objects that go nowhere (ASF specification 3.6, 3.13, 3.17), with ExifTool's names of them and the length of an empty one. */
const LEFT_OUT: Readonly<Record<string, readonly [name: string, emptyBytes: number, why: string]>> = {
  '301afb1e620bd011a39b00a0c90348f6': ['ScriptCommand', 20, ASF_ALONE],
  fab3112223bdd211b4b700a0c955fc6e: ['ContentBranding', 16, ASF_ALONE],
  fcb3112223bdd211b4b700a0c955fc6e: ['DigitalSignature', 0, 'it signs the bytes of the source'],
};
/** The header's own fields before its objects, those of the extension, and the head of an object. */
const [HEADER_FIELDS, EXTENSION_FIELDS, OBJECT_BYTES] = [6, 22, 24];
const LARGEST = 8 * 2 ** 20;
const MOST_OBJECTS = 10_000;

/** Reads what the header of an ASF says, and its XMP, which lies behind the pictures, as the box that MP4 has for it. */
export const readAsfHeader = (path: string, signal: AbortSignal): Promise<AsfHeader> =>
  withByteSource(path, signal, async (source) => {
    const texts: AsfText[] = [];
    const boxes: MetadataBox[] = [];
    let seen = 0;
    const visit = async (from: number, to: number): Promise<void> => {
      for (let at = from; at + OBJECT_BYTES <= to && seen++ < MOST_OBJECTS; ) {
        const head = await source.read(at, OBJECT_BYTES);
        if (head.length < OBJECT_BYTES) return;
        const [id, size] = [head.toString('hex', 0, 16), Number(head.readBigUInt64LE(16))];
        if (size < OBJECT_BYTES || at + size > to) return;
        const body = at + OBJECT_BYTES;
        at += size;
        if (id === HEADER) await visit(body + HEADER_FIELDS, at);
        else if (id === EXTENSION) await visit(body + EXTENSION_FIELDS, at);
        else if (id === XMP_HERE) boxes.push({ place: 'file', type: 'uuid', bytes: await xmpBox(source, body, at) });
        else if (TEXTS[id] && at - body <= LARGEST) texts.push(...TEXTS[id](await source.read(body, at - body)));
        const [name, emptyBytes = 0, leftOut] = LEFT_OUT[id] ?? [];
        if (name !== undefined && leftOut !== undefined && at - body > emptyBytes)
          boxes.push({ place: 'file', type: name, bytes: undefined, leftOut });
      }
    };
    await visit(0, source.size);
    return { texts, boxes };
  });

async function xmpBox(source: ByteSource, from: number, to: number): Promise<Buffer | undefined> {
  return to - from > LARGEST ? undefined : newBox('uuid', Buffer.from(XMP, 'hex'), await source.read(from, to - from));
}
