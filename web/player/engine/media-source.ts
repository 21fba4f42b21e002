/** `MediaSource`, or where only that is there (Apple's telephones), `ManagedMediaSource`; undefined where neither is. */
export function mediaSource(): typeof MediaSource | undefined {
  const found: unknown = Reflect.get(globalThis, 'MediaSource') ?? Reflect.get(globalThis, 'ManagedMediaSource');
  return isMediaSource(found) ? found : undefined;
}

const isMediaSource = (value: unknown): value is typeof MediaSource =>
  typeof value === 'function' && 'isTypeSupported' in value;

/** Gives a video element a new source, and waits until it takes buffers. */
export async function openSource(video: HTMLVideoElement, signal: AbortSignal): Promise<MediaSource | undefined> {
  const Source = mediaSource();
  if (!Source) return undefined;
  const source = new Source();
  const opened = new Promise((resolve, reject) => {
    source.addEventListener('sourceopen', resolve, { once: true });
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  video.disableRemotePlayback = true; // ManagedMediaSource asks for it
  const url = URL.createObjectURL(source);
  video.src = url;
  try {
    await opened;
  } finally {
    URL.revokeObjectURL(url);
  }
  return source;
}
