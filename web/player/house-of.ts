import type { House } from './house.ts';

type Host = HTMLElement & { readonly paused: boolean; readonly shown: unknown; play(): void };

/** The settings of the house at an address. A player plays as soon as another page says that films start by themselves. */
export async function houseOf(host: Host, url: string, onRollBack: (reason: string) => void): Promise<House> {
  const { openHouse } = await import('./later.ts');
  return openHouse({
    url,
    onRollBack,
    onChange(autoplay) {
      host.dispatchEvent(new CustomEvent('reelmill-house', { detail: { autoplay }, bubbles: true, composed: true }));
      if (autoplay && host.paused && host.shown) host.play();
    },
  });
}
