/** Returns the content type of a published file, by its extension. */
export const typeOfFile = (path: string) =>
  TYPES[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';

const TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  jpg: 'image/jpeg',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  webp: 'image/webp',
  vtt: 'text/vtt; charset=utf-8',
  srt: 'application/x-subrip',
  gpx: 'application/gpx+xml',
  m3u8: 'application/vnd.apple.mpegurl',
  mpd: 'application/dash+xml',
};
