import { judgePlayed } from './judge-played.mjs';

/** @typedef {import('./play-ladder.mjs').Played} Played */

/** On a busy machine a player stands still, or drops the frame of a flash; what is wrong with a ladder is wrong each time. */
const ATTEMPTS = 3;

/**
 * Plays a ladder and judges it; plays it again where something failed, since a busy machine makes players fail as well.
 * @param {() => Promise<Played>} play
 * @param {import('./read-ladder.mjs').FilmRead} film
 */
export async function playAndJudge(play, film) {
  let played = await play();
  let judged = judgePlayed(played, film);
  for (let i = 1; i < ATTEMPTS && judged.some(({ passed }) => passed === false); i++) {
    played = await play();
    judged = judgePlayed(played, film);
  }
  return { played, judged };
}
