export { exportFilm } from '../archive/export.ts';
export { mount } from '../archive/mount.ts';
export { sync } from '../archive/sync.ts';
export { verify } from '../archive/verify.ts';
