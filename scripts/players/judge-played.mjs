/**
 * @typedef {import('./play-ladder.mjs').Played} Played
 * @typedef {import('./read-ladder.mjs').FilmRead} FilmRead
 * @typedef {{ readonly name: string, readonly passed: boolean | undefined, readonly detail: string }} Judgement
 */

/** A frame of 25 a second, and what a busy machine adds to hearing a beep. */
const MOST_APART_SECONDS = 0.1;
/** Players round a film's end to their last frame or packet; the file itself counts an encoder's delay as well. */
const END_SECONDS = 0.15;
/** Coding and scaling move the mean of an area by less than this, of 255 levels; a wrong matrix or range moves it by more. */
const MOST_LEVELS = 12;

/**
 * Judges how a player played a rendition, by what ffmpeg decodes from the rendition. `passed` is undefined for what this film
 * or this player cannot show.
 * @param {Played} played
 * @param {FilmRead} film
 * @returns {readonly Judgement[]}
 */
export function judgePlayed(played, film) {
  const { ended, end, duration, stalls, errors, flash, beep, tracks } = played;
  const seconds = (/** @type {number | null} */ each) => (each === null ? 'never' : `${each.toFixed(3)} s`);
  const isMarked = film.hasMarks && flash !== null && beep !== null;
  const apart = isMarked ? Math.abs(beep - flash) : Number.NaN;
  const [worst, compared] = colours(played, film);
  return [
    judgement('opens without an error', errors.length === 0, errors.join('; ') || 'none'),
    judgement(
      'plays to the end',
      ended && Math.abs(end - film.seconds) <= END_SECONDS,
      `${ended ? 'ended' : 'stood still'} at ${seconds(end)} of ${seconds(film.seconds)}`,
    ),
    judgement(
      'says the right duration',
      Math.abs(duration - film.seconds) <= END_SECONDS,
      `${seconds(duration)} of ${seconds(film.seconds)}`,
    ),
    judgement('does not stall', stalls === 0, `${stalls} stalls`),
    judgement(
      'is in step',
      film.hasMarks ? isMarked && apart <= MOST_APART_SECONDS : undefined,
      film.hasMarks ? `flash at ${seconds(flash)}, beep at ${seconds(beep)}` : 'the film has no single flash and beep',
    ),
    together(tracks),
    judgement(
      'shows the right colours',
      compared === 0 ? undefined : worst <= MOST_LEVELS,
      compared === 0 ? 'no frame was compared' : `at most ${worst.toFixed(1)} levels off in ${compared} frames`,
    ),
  ];
}

/**
 * @param {string} name
 * @param {boolean | undefined} passed
 * @param {string} detail
 * @returns {Judgement}
 */
const judgement = (name, passed, detail) => ({ name, passed, detail });

/** @param {Played['tracks']} tracks */
function together(tracks) {
  const known = tracks.filter(({ starts, ends }) => Number.isFinite(starts) && ends !== null);
  const starts = known.map((track) => track.starts);
  const ends = known.map((track) => track.ends ?? 0);
  const spread = (/** @type {readonly number[]} */ all) => Math.max(...all) - Math.min(...all);
  const holes = known.reduce((sum, track) => sum + track.holes, 0);
  const detail = known
    .map((track) => `${track.kind} ${track.starts.toFixed(3)} to ${track.ends?.toFixed(3)} s`)
    .join(', ');
  const passed =
    known.length < 2
      ? undefined
      : spread(starts) <= MOST_APART_SECONDS && spread(ends) <= 2 * END_SECONDS && holes === 0;
  return judgement(
    'has both tracks from beginning to end',
    passed,
    known.length < 2 ? 'one track, or none in a buffer' : `${detail}, ${holes} holes`,
  );
}

/**
 * The largest mean difference of a frame on the screen, against the most similar frame of that time; and how many were compared.
 * @param {Played} played
 * @param {FilmRead} film
 */
function colours({ seen }, { frames }) {
  const differences = seen.flatMap(({ mediaTime, cells }) => {
    const near = frames.filter(({ seconds }) => Math.abs(seconds - mediaTime) <= MOST_APART_SECONDS);
    const flat = cells.flat();
    const all = near.map(
      ({ rgb }) => flat.reduce((sum, each, i) => sum + Math.abs(each - (rgb[i] ?? 0)), 0) / flat.length,
    );
    return all.length > 0 ? [Math.min(...all)] : [];
  });
  return /** @type {const} */ ([Math.max(0, ...differences), differences.length]);
}
