import { useEffect, useRef, useState } from 'preact/hooks';
import type { PlayerEvent } from '../player/engine/events.ts';
import type { JobManifest } from './api/answers.ts';
import { reasonOf } from './api/refused.ts';
import { filmOfResult } from './job/film-of-result.ts';
import { useSurroundings } from './surroundings.ts';
import { sentence } from './ui/sentence.ts';

type Props = {
  readonly job: string;
  readonly name: string;
  readonly manifest: JobManifest;
  /** Called once, when it begins to play, with the rendition's name. */
  onPlay(rendition: string): void;
};

export const UNDECODABLE =
  'This browser cannot play this film. Download a file below, and play it with a program on this device, as VLC.';

/** Plays a result in the page with our player, which is loaded for that. */
export function PlayResult({ job, name, manifest, onPlay }: Props) {
  const { call } = useSurroundings();
  const place = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<string>();
  // the answer is asked for again while a job is looked at, and a film that plays goes on as long as its files are the same
  const files = manifest.renditions.map(({ path, bytes }) => `${path} ${bytes}`).join('\n');

  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const addressOf = async (path: string) =>
      (await call('file', { params: { job }, query: { path, as: 'url' }, signal })).url;

    async function begin(): Promise<void> {
      const [{ ReelmillPlayer }, film] = await Promise.all([
        import('./job/player-module.ts'),
        filmOfResult(manifest, addressOf),
      ]);
      if (signal.aborted || !place.current) return;
      if (!film) return setFailure(UNDECODABLE);
      const player = new ReelmillPlayer();
      let isCounted = false;
      player.addEventListener('reelmill', (event) => {
        const told = playerEvent(event);
        if (told?.type === 'error' && ['decode', 'format'].includes(told.kind)) setFailure(UNDECODABLE);
        if (told?.type !== 'state' || told.isPaused || isCounted) return;
        isCounted = true;
        onPlay(player.rendition ?? film.rungs[0]?.name ?? '');
      });
      player.films = new Map([[location.href, film]]);
      player.setAttribute('name', name);
      player.src = location.href;
      place.current.replaceChildren(player);
    }
    setFailure(undefined);
    begin().catch((error: unknown) => {
      if (!signal.aborted) setFailure(sentence(reasonOf(error)));
    });
    return () => {
      ending.abort();
      place.current?.replaceChildren();
    };
  }, [call, job, name, files]);

  return failure === undefined ? (
    <div class="player" ref={place} />
  ) : (
    <p class="soft" role="alert">
      {failure}
    </p>
  );
}

/** The `detail` of the player's event. */
const playerEvent = (event: Event): PlayerEvent | undefined =>
  event instanceof CustomEvent ? event.detail : undefined;
