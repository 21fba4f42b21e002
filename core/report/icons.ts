import { type Html, html } from './html.ts';

/** The icons are drawn, because a font may lack the character or show it in colour. */
const PATHS = {
  passed: 'M3 8.5l3.5 3.5L13 4.5',
  failed: 'M4 4l8 8M12 4l-8 8',
  warning: 'M8 2.2L14.6 13.6H1.4zM8 6.4v3.4M8 11.6v.2',
  kept: 'M3 8.5l3.5 3.5L13 4.5',
  converted: 'M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13',
  dropped: 'M4 4l8 8M12 4l-8 8',
} as const;

/** Returns an icon. It is hidden from screen readers, since a word stands beside it. */
export const icon = (name: keyof typeof PATHS): Html =>
  html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="${PATHS[name]}"></path></svg>`;
