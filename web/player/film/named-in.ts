import { Trouble } from '../line/trouble.ts';
import { fileOfMedia } from './file-of-media.ts';

/** The file that a playlist of a rendition names. Throws Trouble where it is not one file. */
export async function namedIn(playlist: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(playlist, { signal });
  const url = answer.ok ? fileOfMedia(await answer.text(), playlist) : undefined;
  if (url !== undefined) return url;
  const name = new URL(playlist).pathname.split('/').at(-1);
  throw new Trouble('format', `The playlist "${name}" does not name byte ranges of one file.`);
}
