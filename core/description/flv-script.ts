import type { Probe } from '../film/probe.ts';

/** What the script tags of an FLV say: the texts of onMetaData, the names of all its properties, and cue points. */
type FlvScript = {
  readonly texts: Readonly<Record<string, string>>;
  readonly names: ReadonlySet<string>;
  /** The names of the cue points, with a number where they have no name. */
  readonly cuePoints: readonly string[];
  /** Some of them stand among the pictures, where ffmpeg takes them for subtitles. */
  readonly hasCuesAmongPictures: boolean;
};

/** A value of AMF0: a text, the properties of an object, the values of a list, or anything else. */
type Value = string | Properties | readonly Value[] | undefined;
type Properties = ReadonlyMap<string, Value>;

/** Deeper than any real description. */
const DEEPEST = 16;

/**
 * Reads the script tags of an FLV, each the bytes of a tag's body in AMF0 (FLV 10.1, E.4.4). What is damaged ends the tag that it is
 * in, without an error.
 */
export function flvScript(bodies: readonly Buffer[]): FlvScript {
  const calls = bodies.map(callIn);
  const described = calls.flatMap(({ name, value }) => (name === 'onMetaData' && isProperties(value) ? [value] : []));
  const entries = described.flatMap((properties) => [...properties]);
  const listed = entries.flatMap(([name, value]) => (name === 'cuePoints' && Array.isArray(value) ? value : []));
  const among = calls.flatMap(({ name, value }) => (name === 'onCuePoint' ? [value] : []));
  return {
    texts: Object.fromEntries(
      entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [])),
    ),
    names: new Set(entries.flatMap(([name, value]) => (typeof value === 'object' ? [] : [name.toLowerCase()]))),
    cuePoints: [...listed, ...among].map((value, i) => {
      const name = isProperties(value) ? value.get('name') : undefined;
      return typeof name === 'string' && name !== '' ? name : `${i + 1}`;
    }),
    hasCuesAmongPictures: among.length > 0,
  };
}

/**
 * Returns the probe of an FLV without what ffmpeg makes of its cue points: it writes their parts among the tags of the film, and takes
 * those among the pictures for subtitles.
 */
export function withFlvScript(probe: Probe, { texts, names, cuePoints, hasCuesAmongPictures }: FlvScript): Probe {
  const said = Object.entries(probe.tags).filter(([name]) => names.has(name) && name !== 'hascuepoints');
  const own = Object.fromEntries(said.map(([name, value]) => [name, texts[name] ?? value]));
  const streams = probe.streams.map((stream) =>
    hasCuesAmongPictures && stream.type === 'subtitle' ? { ...stream, unusable: CUES } : stream,
  );
  return { ...probe, streams, tags: own, ...(cuePoints.length > 0 && { cuePoints }) };
}

const CUES = { is: 'unknown', why: 'cue points of FLV lie among its packets, which are no subtitles' } as const;

const isProperties = (value: Value): value is Properties => value instanceof Map;

/** A call of a script tag that says something of the film: its name, and the texts among its properties. */
type FlvCall = { readonly name: string; readonly texts: Readonly<Record<string, string>> };

/** Returns the calls of the script tags of an FLV that have a name. */
export const flvCalls = (bodies: readonly Buffer[]): readonly FlvCall[] =>
  bodies.map(callIn).flatMap(({ name, value }) => {
    const texts = [...(isProperties(value) ? value : [])].flatMap(([key, each]) =>
      typeof each === 'string' ? [[key, each] as const] : [],
    );
    return typeof name === 'string' && name !== '' ? [{ name, texts: Object.fromEntries(texts) }] : [];
  });

type AmfReader = { readonly bytes: Buffer; at: number };

/** A script tag is a name and a value. */
function callIn(bytes: Buffer): { readonly name: Value; readonly value: Value } {
  const reader = { bytes, at: 0 };
  const read = () => {
    try {
      return valueAt(reader, 0);
    } catch {
      return undefined; // a type that nobody knows
    }
  };
  return { name: read(), value: read() };
}

function valueAt(reader: AmfReader, depth: number): Value {
  if (depth > DEEPEST || reader.at >= reader.bytes.length) throw new RangeError('AMF0 ends here');
  const type = reader.bytes.readUInt8(reader.at++);
  switch (type) {
    case 0: // a number
      return skip(reader, 8);
    case 1: // yes or no
      return skip(reader, 1);
    case 2:
      return textAt(reader, 2);
    case 3: // an object
      return propertiesAt(reader, depth);
    case 5: // nothing
    case 6:
      return undefined;
    case 7: // a reference
      return skip(reader, 2);
    case 8: // an object with the number of its properties, which writers get wrong
      skip(reader, 4);
      return propertiesAt(reader, depth);
    case 10:
      return listAt(reader, depth);
    case 11: // a date with its zone
      return skip(reader, 10);
    case 12:
      return textAt(reader, 4);
    default:
      throw new RangeError(`AMF0 has no type ${type} here`);
  }
}

function skip(reader: AmfReader, bytes: number): undefined {
  reader.at += bytes;
}

function textAt(reader: AmfReader, bytesOfLength: number): string {
  const length = reader.bytes.readUIntBE(reader.at, bytesOfLength);
  const start = reader.at + bytesOfLength;
  reader.at = start + length;
  return reader.bytes.toString('utf8', start, reader.at).replace(/\0.*$/s, '');
}

/** What was read before damage counts. */
function propertiesAt(reader: AmfReader, depth: number): Properties {
  const found = new Map<string, Value>();
  while (reader.at + 3 <= reader.bytes.length) {
    const name = textAt(reader, 2);
    if (name === '' && reader.bytes[reader.at] === END) {
      reader.at++;
      break;
    }
    if (depth > 0) found.set(name, valueAt(reader, depth + 1));
    else
      try {
        found.set(name, valueAt(reader, depth + 1));
      } catch {
        break;
      }
  }
  return found;
}

const END = 9;

function listAt(reader: AmfReader, depth: number): readonly Value[] {
  const count = reader.bytes.readUInt32BE(reader.at);
  reader.at += 4;
  const found: Value[] = [];
  while (found.length < count && reader.at < reader.bytes.length) found.push(valueAt(reader, depth + 1));
  return found;
}
