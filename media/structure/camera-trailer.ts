import type { CameraTrailer } from '../../core/film/camera-trailer.ts';
import type { ByteSource } from './byte-source.ts';
import { boxAt } from './mp4-boxes.ts';

/** Samsung's trailer ends with the name of its list; Insta360's (gyroscope, exposure) with this text. */
const SAMSUNG = 'SEFT';
const INSTA360 = '8db42d694ccc418790edff439fe026bf';

/** A telephone's is some KB; hours of a gyroscope are some hundred MB. */
const LARGEST_BYTES = 2 ** 31;

/** Returns the trailer of a camera that begins at `start`, behind the last box of its film, and reaches to the end of the file. */
export async function trailerAt(source: ByteSource, start: number): Promise<CameraTrailer | undefined> {
  const length = source.size - start;
  if (length < INSTA360.length || length > LARGEST_BYTES) return undefined;
  const end = (await source.read(source.size - INSTA360.length, INSTA360.length)).toString('latin1');
  if (end === INSTA360) return { camera: 'Insta360', start, length };
  return end.endsWith(SAMSUNG) && end.includes('SEFH') ? { camera: 'Samsung', start, length } : undefined;
}

/** So many boxes are followed from the beginning; a film in more fragments is searched no further. */
const MOST_BOXES = 100_000;

/** Returns the trailer that a camera wrote behind the boxes of a film; undefined where there is none. */
export async function cameraTrailer(source: ByteSource): Promise<CameraTrailer | undefined> {
  let end = 0;
  for (let boxes = 0; end < source.size && boxes < MOST_BOXES; boxes++) {
    const box = await boxAt(source, end, source.size);
    if (!box || box.open || box.end > source.size) return trailerAt(source, end);
    end = box.end;
  }
  return undefined;
}
