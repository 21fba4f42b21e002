import type { PlayerEvent } from '../engine/events.ts';
import type { SphereLayout } from '../film/film.ts';
import type { Sphere } from './sphere.ts';

/** The sphere of a player, which is loaded for the first film that is one. */
export type SphereOf = {
  show(layout: SphereLayout): void;
  hide(): void;
  close(): void;
  /** Undefined as long as no film was one, and where it cannot be drawn. */
  loaded(): Promise<Sphere | undefined>;
};

type SphereOptions = {
  readonly frame: HTMLElement;
  readonly video: () => HTMLVideoElement;
  readonly tell: (event: PlayerEvent) => void;
};

/** Returns the sphere of a player, whose code is loaded when a film needs it. Where it cannot be drawn, the film is shown flat and that is told. */
export function sphereOf({ frame, video, tell }: SphereOptions): SphereOf {
  let sphere: Promise<Sphere | undefined> = Promise.resolve(undefined);
  let isAsked = false;
  const load = () =>
    import('./sphere.ts')
      .then(({ newSphere }) => newSphere(frame, video))
      .catch(() => {
        const reason = 'The sphere is shown flat: this browser cannot draw it.';
        tell({ type: 'trouble', kind: 'format', reason });
        return undefined;
      });
  return {
    show(layout) {
      if (!isAsked) sphere = load();
      isAsked = true;
      void sphere.then((loaded) => loaded?.show(layout));
    },
    hide: () => void sphere.then((loaded) => loaded?.hide()),
    close() {
      void sphere.then((loaded) => loaded?.close());
      [sphere, isAsked] = [Promise.resolve(undefined), false];
    },
    loaded: () => sphere,
  };
}
