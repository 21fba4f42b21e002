import { MENU_STYLE } from './menu-style.ts';

const sheet = new CSSStyleSheet();
sheet.replaceSync(MENU_STYLE);

/** Gives the player around an element the style of its menu and previews, once. */
export function adoptMenuStyle(inside: HTMLElement): void {
  const root = inside.getRootNode();
  if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(sheet))
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
