import { isAbsurd } from '../../core/film/film-length.ts';
import type { ByteSource } from './byte-source.ts';
import { anotherFilm, broken, encrypted, truncated } from './refusals.ts';

/** An object of an ASF (WMV) file: a GUID and a 64-bit size, both little-endian. ASF specification 2.1. */
type AsfObject = { readonly guid: string; readonly start: number; readonly end: number };

const HEADER = '3026b2758e66cf11a6d900aa0062ce6c';
const SIMPLE_INDEX = '90080033b1e5cf1189f400a0c90349cb';
const DATA = '3626b2758e66cf11a6d900aa0062ce6c';
const FILE_PROPERTIES = 'a1dcab8c47a9cf118ee400c00c205365';
/** The plain, the extended and the advanced Content Encryption Object (ASF specification 3.14 to 3.16). */
const ENCRYPTIONS = new Set([
  'fbb3112223bdd211b4b700a0c955fc6e',
  '14e68a292226174cb935dae07ee9289c',
  '338505438169e6499b74ad12cb86d58c',
]);
const OBJECT_BYTES = 24;
const HEADER_FIELDS = 6;
const DATA_FIELDS = 26;
const BROADCAST = 1;

/**
 * Throws `truncated` unless every object is whole. A live recording, and one that was never finished, does not state how long its data
 * object is, but must end with a whole packet. What follows the data and is no object, as zeros or an index without a length, is told and hinders nobody, and
 * so is anything behind the end that the header states. Returns warnings.
 */
export async function judgeAsf(source: ByteSource): Promise<string[]> {
  const warnings: string[] = [];
  let properties: FileProperties | undefined;
  let hasData = false;
  let at = 0;
  while (at < source.size) {
    const object = await objectAt(source, at);
    if (hasData && at === properties?.fileBytes && !(await beginsObject(source, at)))
      return [...warnings, `${source.size - at} stray bytes follow its last object`];
    if (object && object.end - at < OBJECT_BYTES && hasData)
      return [...warnings, `${source.size - at} stray bytes follow its last object`];
    if (object && isTooShort(object, properties))
      throw broken(source, `its object at byte ${at} is ${object.end - at} bytes long`);
    if (object?.guid === HEADER && at > 0) throw anotherFilm(source, `another header begins at byte ${at}`, at);
    if (object?.guid === HEADER) properties = await fileProperties(source, object);
    if (object?.guid === HEADER && properties && isAbsurd(properties.seconds)) warnings.push(NO_LENGTH);
    if (object?.guid === DATA) hasData = true;
    if (object && properties && isOfUnknownLength(object, properties))
      return [...warnings, await dataToTheEnd(source, object, properties)];
    if (!object && hasData && (await hasOnlyZeros(source, at)))
      return [...warnings, `${source.size - at} stray bytes follow its last object`];
    if (!object) throw truncated(source, `only ${source.size - at} bytes of an object are left at byte ${at}`);
    if (object.end > source.size)
      throw truncated(source, `its object at byte ${at} reaches to byte ${object.end}, it ends at byte ${source.size}`);
    at = object.end;
  }
  if (!hasData) throw truncated(source, 'it ends before its data begin');
  return warnings;
}

async function objectAt(source: ByteSource, at: number): Promise<AsfObject | undefined> {
  const head = await source.read(at, OBJECT_BYTES);
  if (head.length < OBJECT_BYTES) return undefined;
  const size = Number(head.readBigUInt64LE(16));
  return { guid: head.toString('hex', 0, 16), start: at, end: at + size };
}

const beginsObject = async (source: ByteSource, at: number): Promise<boolean> =>
  [HEADER, DATA, SIMPLE_INDEX].includes((await source.read(at, 16)).toString('hex'));

/** Whether an object states less than its own head. Data may state nothing. */
const isTooShort = (object: AsfObject, properties: FileProperties | undefined): boolean =>
  object.end - object.start < OBJECT_BYTES && !(properties && isOfUnknownLength(object, properties));

const isOfUnknownLength = ({ guid, start, end }: AsfObject, { live }: FileProperties): boolean =>
  guid === DATA && (live || end === start);

const NO_LENGTH = 'its header states a length of more than thirty years, which is taken for none';

/** What is left behind the last object may be fewer bytes than another one begins with. */
const hasOnlyZeros = async (source: ByteSource, at: number): Promise<boolean> =>
  (await source.read(at, OBJECT_BYTES)).every((byte) => byte === 0);

type FileProperties = {
  readonly fileBytes: number;
  readonly live: boolean;
  readonly packetBytes: number;
  readonly seconds: number;
};

async function fileProperties(source: ByteSource, header: AsfObject): Promise<FileProperties | undefined> {
  const end = Math.min(header.end, source.size);
  let properties: FileProperties | undefined;
  let at = header.start + OBJECT_BYTES + HEADER_FIELDS;
  while (at + OBJECT_BYTES <= end) {
    const object = await objectAt(source, at);
    if (!object) return properties;
    if (isTooShort(object, undefined))
      throw broken(source, `its object at byte ${at} is ${object.end - at} bytes long`);
    if (ENCRYPTIONS.has(object.guid)) throw encrypted(source, `its header says so at byte ${at}`);
    if (object.guid === FILE_PROPERTIES) {
      const fields = await source.read(at, 104);
      if (fields.length < 104) return undefined;
      properties = {
        fileBytes: Number(fields.readBigUInt64LE(40)),
        live: Boolean(fields.readUInt32LE(88) & BROADCAST),
        packetBytes: fields.readUInt32LE(92),
        seconds: Number(fields.readBigUInt64LE(64)) / 1e7,
      };
    }
    at = object.end;
  }
  return properties;
}

async function dataToTheEnd(
  source: ByteSource,
  { start }: AsfObject,
  { live, packetBytes }: FileProperties,
): Promise<string> {
  const bytes = source.size - start - OBJECT_BYTES - DATA_FIELDS;
  const rest = packetBytes > 0 ? bytes % packetBytes : 0;
  if (bytes < 0 || (rest > 0 && !(await endsWithIndex(source, { start, packetBytes, rest }))))
    throw truncated(source, `it ends within a packet, of which ${rest} of ${packetBytes} bytes are there`);
  return `it is a ${live ? 'live recording' : 'recording that was never finished'}, in which nothing tells how long it should be`;
}

/** An index has six bytes for each second of the film (ASF 1.2, 6.1): so many packets are more than a day of it. */
const MOST_INDEX_PACKETS = 1024;

/** Whether a whole index lies behind the packets, as ffmpeg writes one into a pipe too, where it cannot take back that the file is live. */
async function endsWithIndex(
  source: ByteSource,
  { start, packetBytes, rest }: { readonly start: number; readonly packetBytes: number; readonly rest: number },
): Promise<boolean> {
  for (let packets = 0; packets < MOST_INDEX_PACKETS; packets++) {
    const at = source.size - rest - packets * packetBytes;
    if (at <= start) return false;
    const head = await source.read(at, OBJECT_BYTES);
    const isIndex = head.length === OBJECT_BYTES && head.toString('hex', 0, 16) === SIMPLE_INDEX;
    // ffmpeg states 12 bytes less than it writes
    if (isIndex && head.readBigUInt64LE(16) <= BigInt(source.size - at)) return true;
  }
  return false;
}
