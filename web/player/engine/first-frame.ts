/** Tells how long the first frame took since the playlist was opened. Returns what begins to measure anew. */
export function tellFirstFrame(
  videos: readonly HTMLVideoElement[],
  isFront: (video: HTMLVideoElement) => boolean,
  tell: (milliseconds: number) => void,
): () => void {
  let opened = performance.now();
  let hasFrame = false;
  for (const video of videos)
    video.addEventListener('loadeddata', () => {
      if (hasFrame || !isFront(video)) return;
      hasFrame = true;
      tell(performance.now() - opened);
    });
  return () => {
    [opened, hasFrame] = [performance.now(), false];
  };
}
