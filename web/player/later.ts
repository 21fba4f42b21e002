/** What a page needs only where somebody uses it: it is a file of its own, later.js, loaded then. */
export { importM3u } from '../../core/montage/import-m3u.ts';
export { openHouse } from './house.ts';
export { newMenu } from './ui/menu.ts';
export { newPreview } from './ui/preview.ts';
