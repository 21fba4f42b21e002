import type { Playlist } from '../../core/montage/playlist.ts';
import type { PlayerEvent } from './engine/events.ts';
import { openPlaylist } from './film/open-film.ts';
import { isAbort, troubleOf } from './line/trouble.ts';

/**
 * Opens the first of these addresses that has something to play, or else the last one that can be opened. Tells what
 * cannot be; undefined where none can, or where it was ended.
 */
export async function openFirst(
  sources: readonly string[],
  signal: AbortSignal,
  tell: (event: PlayerEvent) => void,
): Promise<Playlist | undefined> {
  for (const [i, src] of sources.entries()) {
    const isLast = i === sources.length - 1;
    try {
      const { playlist, skipped } = await openPlaylist(src, signal);
      if (signal.aborted) return undefined;
      for (const reason of skipped) tell({ type: 'skip', at: 'playlist', reason });
      if (isLast || playlist.montages.some(({ tracks }) => tracks.some(({ items }) => items.length > 0)))
        return playlist;
    } catch (error) {
      if (isAbort(error) || signal.aborted) return undefined;
      const { kind, message } = troubleOf(error);
      tell({ type: isLast ? 'error' : 'trouble', kind, reason: message });
    }
  }
  return undefined;
}
