export { exportFilm } from '../archive/export.ts';
export { importResults } from '../archive/import.ts';
export { mount } from '../archive/mount.ts';
export { sync } from '../archive/sync.ts';
export { verify } from '../archive/verify.ts';
