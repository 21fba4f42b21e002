import { useFileAddress } from './job/use-file-address.ts';

type Props = {
  readonly job: string;
  readonly name: string;
  /** The rendition's path in the manifest. */
  readonly path: string;
  readonly poster?: string | undefined;
  /** Called once when it begins to play. */
  onPlay(): void;
};

/** Plays a result in the page: H.264 and AV1 in every browser of today. */
export function PlayResult({ job, name, path, poster, onPlay }: Props) {
  const source = useFileAddress(job, path);
  const image = useFileAddress(job, poster);
  if (source === undefined) return <div class="player bone" />;
  return (
    // biome-ignore lint/a11y/useMediaCaption: a film's own subtitles are in its file
    <video
      class="player"
      controls
      preload="metadata"
      src={source}
      poster={image}
      aria-label={`Result: ${name}`}
      onPlay={onPlay}
    />
  );
}
