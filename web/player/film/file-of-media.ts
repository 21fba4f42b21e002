import { beside } from './beside.ts';

/** The one file of a media playlist whose segments are byte ranges; undefined where they are files of their own. */
export function fileOfMedia(content: string, base: string): string | undefined {
  const files = new Set(content.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#')));
  const [file] = files;
  return files.size === 1 && file !== undefined && content.includes('#EXT-X-BYTERANGE:')
    ? beside(file, base)
    : undefined;
}
