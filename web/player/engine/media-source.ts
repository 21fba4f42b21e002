/** `MediaSource`, or where only that is there (Apple's telephones), `ManagedMediaSource`; undefined where neither is. */
export function mediaSource(): typeof MediaSource | undefined {
  const found: unknown = Reflect.get(globalThis, 'MediaSource') ?? Reflect.get(globalThis, 'ManagedMediaSource');
  return isMediaSource(found) ? found : undefined;
}

const isMediaSource = (value: unknown): value is typeof MediaSource =>
  typeof value === 'function' && 'isTypeSupported' in value;

/** Gives a video element a new source; `opened` resolves when it takes buffers. */
export function attachSource(
  video: HTMLVideoElement,
): { readonly source: MediaSource; readonly opened: Promise<unknown> } | undefined {
  const Source = mediaSource();
  if (!Source) return undefined;
  const source = new Source();
  const url = URL.createObjectURL(source);
  const opened = new Promise((resolve) => {
    const open = () => resolve(URL.revokeObjectURL(url));
    source.addEventListener('sourceopen', open, { once: true });
  });
  video.disableRemotePlayback = true; // ManagedMediaSource asks for it
  video.src = url;
  return { source, opened };
}
