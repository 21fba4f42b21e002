import type { FragmentedTrack } from '../film/fragments.ts';
import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { StreamEvidence } from './evidence.ts';

/** Two frames of 25 a second, and a packet of the sound: no eye or ear notices more than that later than this. */
const MOST_APART_AT_BEGIN_SECONDS = 0.1;
/** The last packet of a sound at 8 kHz lasts 128 ms. */
const MOST_APART_AT_END_SECONDS = 0.25;

/**
 * Players that count each track from its own beginning would play tracks that do not begin together out of step, and some
 * end the film with its shorter track. The times are those of the fragments, as players read them.
 */
export const tracksTogether = ({ fragments: { picture, sound } }: StreamEvidence): Check =>
  together([picture, ...(sound ? [sound] : [])].map(endsOf));

/** Checks a sound in a file of its own against the film whose picture lies in other files. */
export const soundWithFilm = (sound: FragmentedTrack, filmSeconds: number): Check =>
  together([{ kind: 'film', from: 0, to: filmSeconds }, endsOf(sound)]);

type TrackEnds = { readonly kind: string; readonly from: number; readonly to: number };

function together(tracks: readonly TrackEnds[]): Check {
  const begins = tracks.map(({ from }) => from);
  const ends = tracks.map(({ to }) => to);
  const latest = Math.max(...begins);
  const apart = Math.max(...ends) - Math.min(...ends);
  const passed = latest <= MOST_APART_AT_BEGIN_SECONDS && apart <= MOST_APART_AT_END_SECONDS;
  const detail = tracks.map(({ kind, from, to }) => `${kind} from ${from.toFixed(3)} to ${to.toFixed(3)} s`).join(', ');
  return check('picture and sound begin and end together', passed, detail);
}

/** Returns when a track begins and ends; a track without fragments ends where it begins. */
function endsOf({ kind, fragments }: FragmentedTrack): TrackEnds {
  const from = Math.max(
    0,
    fragments.reduce((least, { shown }) => Math.min(least, shown.from), Number.POSITIVE_INFINITY),
  );
  const to = fragments.reduce((most, { shown }) => Math.max(most, shown.to), 0);
  return { kind, from: Number.isFinite(from) ? from : 0, to };
}
