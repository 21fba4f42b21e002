type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element with attributes and children; `true` is an attribute without a value, `false` and undefined are none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  element.append(...children);
  return element;
}

/** Drawings of 24 by 24, as paths. */
const DRAWINGS = {
  play: 'M8 5v14l11-7z',
  pause: 'M7 5h4v14H7zM13 5h4v14h-4z',
  next: 'M6 5l9 7-9 7zM16 5h3v14h-3z',
  previous: 'M18 5l-9 7 9 7zM5 5h3v14H5z',
  loud: 'M4 9v6h4l5 4V5L8 9zM15.5 8.5a5 5 0 010 7l1.4 1.4a7 7 0 000-9.8z',
  silent: 'M4 9v6h4l5 4V5L8 9zM15 10l1-1 6 6-1 1zM21 9l1 1-6 6-1-1z',
  captions: 'M3 5h18v14H3zM5 7v10h14V7zM7 11h4v2H7zM13 11h4v2h-4zM7 14h7v2H7z',
  settings: 'M4 6h9v2H4zM17 6h3v2h-3zM13 4h3v6h-3zM4 16h3v2H4zM11 16h9v2h-9zM7 14h3v6H7z',
  large: 'M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z',
  small: 'M8 4h2v6H4V8h4zM14 4h2v4h4v2h-6zM4 14h6v6H8v-4H4zM14 14h6v2h-4v4h-2z',
} as const;

export type Drawing = keyof typeof DRAWINGS;

export type ImageButton = {
  readonly element: HTMLButtonElement;
  /** Another picture and another name, as what it does changes. */
  show(drawing: Drawing, name: string): void;
};

/** Returns a button with a drawing, and with a name for those who do not see it. */
export function imageButton(drawing: Drawing, name: string, press: () => void): ImageButton {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('fill-rule', 'evenodd');
  svg.append(path);
  const element = h('button', { type: 'button' }, svg);
  element.addEventListener('click', press);
  const show = (next: Drawing, label: string) => {
    path.setAttribute('d', DRAWINGS[next]);
    element.setAttribute('aria-label', label);
    element.title = label;
  };
  show(drawing, name);
  return { element, show };
}

/** 75 -> "1:15", 3675 -> "1:01:15". */
export function clock(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
