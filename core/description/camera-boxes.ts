import { boxesOf, boxHeaders } from '../bytes/boxes.ts';
import { shownType } from '../bytes/shown-type.ts';
import { namesProgram, OLD_PROGRAM } from './old-programs.ts';

/** Space that means nothing by the rules of MP4, in which some cameras keep what they know of the film (BlackVue, Canon, Kodak, DJI). */
const FREE_SPACE: ReadonlySet<string> = new Set(['free', 'skip']);

/**
 * Boxes that cameras and dashcams write beside the movie, and that need nothing else of the file: tracks of places, sensors,
 * previews, dates. (They are not public; as read by ExifTool's QuickTime module.)
 */
const OF_CAMERAS: ReadonlySet<string> = new Set([
  ...['frea', 'fre1', 'thum', 'thm ', 'thma', 'ardt', 'prrt', 'udat', 'IDIT', 'gps0', 'gpsa', 'gsen', 'gsea', 'GPS '],
  ...['infi', 'ICAT'],
]);

/** Whether a box is of a type whose contents mean nothing. */
export const isFreeSpace = (type: string): boolean => FREE_SPACE.has(type);

/** Whether a box goes from one MP4 into another as it is: a camera wrote it for itself, or QuickTime shows a track by it. */
export const isCopiedWhole = (type: string): boolean => FREE_SPACE.has(type) || OF_CAMERAS.has(type) || type === 'tapt';

/** Whether a box is free space and nothing else: its payload is one and the same byte again and again. */
export function isEmptySpace(box: Buffer): boolean {
  const [whole] = boxHeaders(box, 0, box.length);
  if (!whole || !FREE_SPACE.has(whole.type)) return false;
  const payload = box.subarray(whole.body);
  return payload.every((byte) => byte === payload[0]);
}

/** Boxes of which a movie consists; where free space has them, an editor has put a new movie box elsewhere. */
const OF_OLD_MOVIES: ReadonlySet<string> = new Set(['moov', 'mvhd', 'trak', 'moof', 'tkhd', 'mdia', 'stbl']);

const REMAINS = 'it is what an editor left of an older movie box';

/** What keeps a camera's box out of the rendition: free space may hold the name of a program, or what an editor let go. */
export function againstCamera(type: string, box: Buffer): string | undefined {
  if (!FREE_SPACE.has(type)) return undefined;
  const text = /^[\x20-\x7e\s]*/.exec(box.toString('latin1', 8))?.[0] ?? '';
  if (namesProgram(text)) return OLD_PROGRAM;
  return boxesOf(box, 8, box.length).some((child) => OF_OLD_MOVIES.has(child.type)) ? REMAINS : undefined;
}

/** Boxes of which a film may have thousands. */
const OF_MANY: ReadonlySet<string> = new Set([...FREE_SPACE, ...OF_CAMERAS, 'emsg', 'prft'].map(shownType));

/** Leaves one line of those that say the same of boxes of one kind. */
export function oncePerKind<Line extends Readonly<Record<'place' | 'name' | 'fate' | 'why', string>>>(
  fates: readonly Line[],
): readonly Line[] {
  const seen = new Set<string>();
  return fates.filter(({ place, name, fate, why }) => {
    const said = [place, name, fate, why].join('\0');
    if (!OF_MANY.has(name)) return true;
    const isNew = !seen.has(said);
    seen.add(said);
    return isNew;
  });
}
