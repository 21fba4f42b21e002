/** Returns captions as ffmpeg writes them to SubRip, without the fonts and positions that no other subtitle there has. */
export const plainText = (srt: string): string =>
  srt
    .replace(/<\/?font[^>]*>/g, '')
    .replace(/\{\\an\d\}/g, '')
    .replaceAll('\\h', ' ');
