/** `@reelmill/player/take-along.js`: films taken along, for pages of others. docs/take-along.md says how it is used. */
export { newLine } from '../line/line.ts';
export { remoteFile } from '../line/remote-file.ts';
export { type Copy, openStore, type Store } from './store.ts';
export { keyOfAccount, keyOfPassphrase, type UserKey } from './user-key.ts';
