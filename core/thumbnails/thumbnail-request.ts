import { createHash } from 'node:crypto';
import { usage } from '../errors.ts';
import { keyFault } from '../object-key.ts';

/** All widths of a thumbnail. Together with the formats they limit how many files can be made of one poster. */
export const THUMBNAIL_WIDTHS = [96, 160, 240, 320, 480, 640, 800, 960, 1280, 1920] as const;
export const THUMBNAIL_FORMATS = ['jpg', 'webp'] as const;

export type ThumbnailFormat = (typeof THUMBNAIL_FORMATS)[number];
export type ThumbnailSize = { readonly width: number; readonly format: ThumbnailFormat };
export type ThumbnailRequest = ThumbnailSize & { readonly posterKey: string };

type PosterInfo = { readonly key: string; readonly bytes: number; readonly modifiedMs: number };

const LONGEST_QUERY = 4_000;
/** The length limit of an S3 key, in bytes. */
const LONGEST_KEY = 1_024;

/**
 * Reads the query of an address: `of=<path below output/>&width=320&format=webp`. The format may be left out and is
 * then jpg. Throws `usage` for anything else; the message names what is allowed.
 */
export function thumbnailRequest(query: string): ThumbnailRequest {
  if (query.length > LONGEST_QUERY) throw usage(`the query is longer than ${LONGEST_QUERY} characters`);
  const given = new URLSearchParams(query);
  for (const name of given.keys()) {
    if (!['of', 'width', 'format'].includes(name))
      throw usage(`there is no parameter ${JSON.stringify(name)}; ${EXPECTED}`);
    if (given.getAll(name).length > 1) throw usage(`${name} is given twice; give it once`);
  }
  const width = THUMBNAIL_WIDTHS.find((each) => `${each}` === given.get('width'));
  if (width === undefined)
    throw usage(`there is no width ${shown(given.get('width'))}; there are: ${THUMBNAIL_WIDTHS.join(', ')}`);
  const format = THUMBNAIL_FORMATS.find((each) => each === (given.get('format') ?? 'jpg'));
  if (!format)
    throw usage(`there is no format ${shown(given.get('format'))}; there are: ${THUMBNAIL_FORMATS.join(', ')}`);
  const of = given.get('of') ?? '';
  const fault = keyFault(of) ?? (of.split('/').some((part) => part.startsWith('.')) ? 'has a hidden part' : undefined);
  if (fault) throw usage(`of=${shown(of)} ${fault}; ${EXPECTED}`);
  const posterKey = `output/${of}/poster.jpg`;
  if (Buffer.byteLength(posterKey) > LONGEST_KEY)
    throw usage(`of is too long: no key has more than ${LONGEST_KEY} bytes`);
  return { posterKey, width, format };
}

/** Returns a name for this version of a poster, which changes when the poster is replaced. */
export const versionOf = ({ key, bytes, modifiedMs }: PosterInfo): string =>
  createHash('sha256')
    .update(JSON.stringify([key, bytes, modifiedMs]))
    .digest('hex');

const EXPECTED = 'a valid query is, for example, of=ladder/2019/film.mov&width=320&format=webp';

const shown = (text: string | null) => JSON.stringify((text ?? '').slice(0, 80));
