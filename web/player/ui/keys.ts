/** What a key does, or undefined. */
export type KeyDeeds = {
  readonly toggle: () => void;
  readonly by: (seconds: number) => void;
  readonly step: (frames: 1 | -1) => void;
  readonly louder: (by: number) => void;
  readonly mute: () => void;
  readonly captions: () => void;
  readonly fullscreen: () => void;
  readonly next: () => void;
  readonly previous: () => void;
  readonly close: () => void;
};

/** Does what a key is for. Keys that buttons and sliders use themselves are left to them. */
export function pressed(
  { key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent,
  target: EventTarget | undefined,
  does: KeyDeeds,
): void {
  if (ctrlKey || metaKey || altKey) return;
  const isButton = target instanceof HTMLButtonElement;
  const isInput = target instanceof HTMLInputElement;
  const deeds: Readonly<Record<string, (() => void) | false>> = {
    ' ': !isButton && !isInput && does.toggle,
    k: does.toggle,
    j: () => does.by(-10),
    l: () => does.by(10),
    ArrowLeft: !isInput && (() => does.by(-5)),
    ArrowRight: !isInput && (() => does.by(5)),
    ArrowUp: !isInput && (() => does.louder(0.1)),
    ArrowDown: !isInput && (() => does.louder(-0.1)),
    ',': () => does.step(-1),
    '.': () => does.step(1),
    m: does.mute,
    c: does.captions,
    f: does.fullscreen,
    n: shiftKey && does.next,
    p: shiftKey && does.previous,
    Escape: does.close,
  };
  const deed = deeds[key.length === 1 ? key.toLowerCase() : key];
  if (deed) deed();
}
