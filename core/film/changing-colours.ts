import { ServiceError } from '../errors.ts';
import { clock } from '../format.ts';
import { hdrKind } from './hdr.ts';

/** What a picture says of its colours, by ffmpeg's names. */
type ColourTags = { readonly primaries: string; readonly transfer: string; readonly matrix: string };

/** Tags of a picture's colours, how many of its keyframes have them, and when the first of these is shown, in seconds from the file's start. */
export type CountedColour = ColourTags & { readonly keyframes: number; readonly seconds?: number | undefined };

/** The tags of most keyframes, and all different ones in order, with when each comes first. */
export type ChangingColours = {
  readonly most: ColourTags;
  readonly all: readonly (ColourTags & { readonly seconds?: number | undefined })[];
};

/**
 * Returns how the colours of a picture change between its keyframes; undefined where they stay. Keyframes that say nothing are passed
 * over, since players then go on with what they know or assume. Of equally many keyframes the first tags win.
 */
export function changingColours(found: readonly CountedColour[]): ChangingColours | undefined {
  const counts = new Map<string, CountedColour>();
  for (const each of found) {
    if ([each.primaries, each.transfer, each.matrix].some((tag) => tag === 'unknown')) continue;
    const before = counts.get(nameOf(each));
    const seconds = before?.seconds ?? each.seconds;
    counts.set(nameOf(each), { ...each, seconds, keyframes: each.keyframes + (before?.keyframes ?? 0) });
  }
  const all = [...counts.values()].map(({ keyframes, ...tags }) => tags);
  const most = [...counts.values()].reduce<CountedColour | undefined>(
    (best, each) => (best && best.keyframes >= each.keyframes ? best : each),
    undefined,
  );
  if (!most || all.length < 2) return undefined;
  const { keyframes: _, seconds: __, ...tags } = most;
  return { most: tags, all };
}

const nameOf = ({ primaries, transfer, matrix }: ColourTags) =>
  [...new Set([primaries, transfer, matrix].map((tag) => hdrKind(tag) ?? NAMES[tag] ?? tag))].join('/');

const NAMES: Readonly<Record<string, string>> = {
  bt709: 'BT.709',
  bt2020: 'BT.2020',
  bt2020nc: 'BT.2020',
};

/** Returns the warning about colours that change: a film has one set of tags, and samples are not converted. */
export const coloursTold = ({ most, all }: ChangingColours): string =>
  `the colours of the picture change between ${all.map(nameOf).join(' and ')}: all of it is taken for ${nameOf(most)}, which most of its keyframes have, so that the rest shows wrong colours`;

/** When each of the colours but the first comes. */
function placesOf({ all }: ChangingColours): string {
  const times = all.slice(1).flatMap(({ seconds }) => (seconds === undefined ? [] : [clock(seconds, 0.1)]));
  return times.length === 0 ? '' : ` at ${times.join(', and at ')}`;
}

/**
 * Throws `bad-input` where SDR and HDR follow each other, unless that is accepted: whatever tag the film has, a part of it would be far
 * too dark or too bright.
 */
export function refuseMixedDynamicRange(colours: ChangingColours | undefined, damaged: 'accept' | undefined): void {
  const kinds = new Set(colours?.all.map(({ transfer }) => hdrKind(transfer)));
  if (!colours || kinds.size < 2 || damaged === 'accept') return;
  throw new ServiceError(
    'bad-input',
    `its picture changes between ${colours.all.map(nameOf).join(' and ')}${placesOf(colours)}, and no film has both: cut it there and drop each part, or use damaged=accept to take all of it for ${nameOf(colours.most)}`,
    { colours: colours.all },
  );
}
