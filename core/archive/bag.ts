import { contentHash } from '../small-file.ts';

/** A file of a bag's payload. `path` begins with `data/`. */
export type PayloadFile = { readonly path: string; readonly bytes: number; readonly sha256: string };

type BagFacts = {
  readonly payload: readonly PayloadFile[];
  /** Tag files beside the payload, with their content, as `metadata/premis.json`. */
  readonly tags: readonly { readonly path: string; readonly content: string }[];
  /** The lines of bag-info.txt beside those on date, size and agent, in order. */
  readonly info: readonly (readonly [label: string, value: string])[];
  /** The date of the bag, as 2026-11-28. */
  readonly date: string;
  /** Name and version of the program that writes the bag. */
  readonly agent: string;
};

/**
 * Returns the tag files that make a folder with this payload a bag: by path, the text of each (BagIt 1.0, RFC 8493). The
 * manifests are of SHA-256.
 */
export function bagTags({ payload, tags, info, date, agent }: BagFacts): ReadonlyMap<string, string> {
  const bytes = payload.reduce((sum, file) => sum + file.bytes, 0);
  const first = new Map([
    ['bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'],
    [
      'bag-info.txt',
      tagLines([
        ...info,
        ['Bagging-Date', date],
        ['Bag-Software-Agent', agent],
        ['Payload-Oxum', `${bytes}.${payload.length}`],
      ]),
    ],
    ['manifest-sha256.txt', manifestLines(payload)],
    ...tags.map(({ path, content }): [string, string] => [path, content]),
  ]);
  const hashes = [...first].map(([path, content]) => ({ path, sha256: contentHash(content) }));
  return new Map([...first, ['tagmanifest-sha256.txt', manifestLines(hashes)]]);
}

/** Lines of "Label: value" (RFC 8493, section 2.2.2). A line end in a value is continued by an indented line. */
const tagLines = (info: BagFacts['info']) =>
  info.map(([label, value]) => `${label}: ${value.replace(/(?:\r\n|\r|\n)/g, '\n  ')}\n`).join('');

/** Lines of "hash  path", in the order of paths. Line ends and percent signs in paths are encoded (section 2.1.3). */
const manifestLines = (files: readonly { readonly path: string; readonly sha256: string }[]) =>
  files
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
    .map(({ path, sha256 }) => `${sha256}  ${encodePath(path)}\n`)
    .join('');

const encodePath = (path: string) => path.replace(/[%\r\n]/g, (char) => encodeURIComponent(char));
