import { type Item, isSamePart, type Position, positionName } from '../../../core/montage/playlist.ts';
import type { Film, Sound } from '../film/film.ts';
import { isAbort, type Trouble, troubleOf } from '../line/trouble.ts';
import type { Films } from './films.ts';
import { beginOf } from './seek-inside.ts';
import type { Slot } from './slot.ts';

type SoundOf = (film: Film) => Sound | undefined;

export type WaitingOptions = {
  readonly films: Films;
  readonly soundOf: SoundOf;
  /** The slot that is not shown now. */
  readonly slot: () => Slot;
  /** What would follow if the item ended now. */
  readonly next: () => { readonly position: Position; readonly item: Item } | undefined;
  readonly failed: (why: Trouble, at: Position) => void;
};

/** The next item, which waits in the slot that is not shown. */
export type Waiting = {
  /** Gets it ready; what the slot held before is dropped unless it is just this. */
  ready(): Promise<void>;
  /** It cannot be played: the one after it is got ready. */
  broken(why: Trouble): void;
};

/** Returns what gets the following film ready behind the one that plays. */
export function newWaiting({ films, soundOf, slot, next, failed }: WaitingOptions): Waiting {
  let waits: { readonly position: string; readonly abort: AbortController } | undefined;

  async function ready(): Promise<void> {
    const following = next();
    const behind = slot();
    waits?.abort.abort();
    if (!following) return behind.clear();
    const { item, position } = following;
    const abort = new AbortController();
    waits = { position: positionName(position), abort };
    if (holds(behind, item, soundOf)) return behind.rewind();
    behind.clear();
    try {
      const film = await films.of(item);
      if (abort.signal.aborted) return;
      behind.video.muted = true;
      behind.load({ item, film, at: beginOf(item), sound: soundOf(film) });
    } catch (error) {
      if (isAbort(error) || abort.signal.aborted) return;
      failed(troubleOf(error), position);
      if (next()) void ready();
    }
  }

  return {
    ready,
    broken(why) {
      const at = next()?.position;
      slot().clear();
      if (!at || positionName(at) !== waits?.position) return;
      failed(why, at);
      void ready();
    },
  };
}

/** Whether a slot holds just this part, with the sound that is wanted. */
export function holds(slot: Slot, item: Item, soundOf: SoundOf): boolean {
  const held = slot.job();
  return held !== undefined && isSamePart(held.item, item) && soundOf(held.film) === held.sound;
}

/** The sound that somebody chose, or else the film's default. */
export const soundNamed = ({ sounds }: Film, label: string | undefined): Sound | undefined =>
  sounds.find((sound) => sound.label === label) ?? sounds.find(({ isDefault }) => isDefault);
