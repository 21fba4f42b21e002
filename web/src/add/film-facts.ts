import { videoOfMoov } from './mp4-facts.ts';

/** What of a film can be told before it is sent, enough to say what it will take. */
export type FilmFacts = {
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seconds: number;
  /** The browser tells no rate of pictures, so that 25 a second stand in for it. */
  readonly isRateAssumed: boolean;
};

const ASSUMED_FPS = 25;
const LARGEST_MOOV = 64_000_000;
const PATIENCE_MS = 8000;

/** Reads a film's size, length and rate from its header, or by the browser; undefined if neither can. */
export async function filmFacts(file: Blob): Promise<FilmFacts | undefined> {
  const told = (await headerFacts(file).catch(() => undefined)) ?? (await playerFacts(file));
  return told && { ...told, bytes: file.size };
}

/** Of MP4 and QuickTime. The header is found by the sizes of boxes, so that little of a large file is read. */
async function headerFacts(file: Blob): Promise<Omit<FilmFacts, 'bytes'> | undefined> {
  for (let at = 0; at + 8 <= file.size; ) {
    const head = new DataView(await file.slice(at, at + 16).arrayBuffer());
    const short = head.getUint32(0);
    const size =
      short === 1 && head.byteLength === 16 ? Number(head.getBigUint64(8)) : short === 0 ? file.size - at : short;
    if (size < 8) return undefined;
    if (head.getUint32(4) === 0x6d6f6f76 /* moov */) {
      if (size > LARGEST_MOOV) return undefined;
      const video = videoOfMoov(new DataView(await file.slice(at, at + size).arrayBuffer()));
      return video && { ...video, isRateAssumed: false };
    }
    at += size;
  }
  return undefined;
}

async function playerFacts(file: Blob): Promise<Omit<FilmFacts, 'bytes'> | undefined> {
  const video = document.createElement('video');
  const url = URL.createObjectURL(file);
  try {
    const isLoaded = await new Promise<boolean>((resolve) => {
      setTimeout(() => resolve(false), PATIENCE_MS);
      video.onloadedmetadata = () => resolve(true);
      video.onerror = () => resolve(false);
      video.preload = 'metadata';
      video.src = url;
    });
    const { videoWidth: width, videoHeight: height, duration: seconds } = video;
    if (!isLoaded || width === 0 || !Number.isFinite(seconds) || seconds <= 0) return undefined;
    return { width, height, seconds, fps: ASSUMED_FPS, isRateAssumed: true };
  } finally {
    video.removeAttribute('src');
    URL.revokeObjectURL(url);
  }
}
