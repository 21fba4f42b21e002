import type { PictureFragment } from '../../core/film/picture-fragments.ts';
import { SAME_SECONDS } from '../../core/film/promised.ts';
import type { ByteSource } from './byte-source.ts';
import type { Mp4Box } from './mp4-boxes.ts';
import { anotherFilm } from './refusals.ts';

type Movies = {
  readonly moov: Mp4Box;
  readonly otherMoov: Mp4Box | undefined;
  readonly fileTypes: number;
  readonly lastMoof: Mp4Box | undefined;
};

/**
 * Throws `bad-input` where the file holds a second film behind the first one, of which a demuxer reads nothing, or which it mixes with
 * the first. A header that is written again between fragments is none, as long as their times go on.
 */
export async function refuseOtherFilm(
  source: ByteSource,
  { moov, otherMoov, fileTypes, lastMoof }: Movies,
  fragments: readonly PictureFragment[],
): Promise<void> {
  if (!otherMoov) return;
  const end = fragments.findLast(({ at }) => at < otherMoov.start)?.endSeconds;
  const begin = fragments.find(({ at }) => at > otherMoov.start)?.beginSeconds;
  const goesOn = end === undefined || begin === undefined || begin > end - SAME_SECONDS;
  const beginsAnew = fileTypes > 1 && !lastMoof;
  if (goesOn && !beginsAnew && (await isSame(source, moov, otherMoov))) return;
  throw anotherFilm(source, `its second movie box begins at byte ${otherMoov.start}`);
}

const LARGEST = 8 * 1024 * 1024;

async function isSame(source: ByteSource, one: Mp4Box, other: Mp4Box): Promise<boolean> {
  if (one.size !== other.size || one.size > LARGEST) return false;
  return (await source.read(one.start, one.size)).equals(await source.read(other.start, other.size));
}
