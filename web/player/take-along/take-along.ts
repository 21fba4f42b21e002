/** `@reelmill/player/take-along.js`: films taken along, for pages of others. docs/take-along.md says how it is used. */
export { filmOfFile } from '../film/film.ts';
export { newLine } from '../line/line.ts';
export { remoteFile } from '../line/remote-file.ts';
export { type FilmToTake, filmToTake } from './film-to-take.ts';
export { type Copy, openStore, type Store, type TextToTake } from './store.ts';
export { keyOfAccount, keyOfPassphrase, type UserKey } from './user-key.ts';
