/** What is needed only after a film was opened, or where somebody uses it: a file of its own, later.js. */
export { readPlaylist } from '../../core/montage/read-playlist.ts';
export { roughRungs } from './engine/rough-rungs.ts';
export { watch } from './engine/watchdog.ts';
export { namedIn } from './film/named-in.ts';
export { playlistFrom } from './film/playlist-from.ts';
export { filmOfMaster } from './film/read-master.ts';
export { openHouse } from './house.ts';
export { newCaptions } from './ui/captions.ts';
export { pressed } from './ui/keys.ts';
export { newMenu } from './ui/menu.ts';
export { newPreview } from './ui/preview.ts';
