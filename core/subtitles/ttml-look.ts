import { colourNamed, colourOf } from './caption-look.ts';
import type { XmlElement } from './xml-elements.ts';

/** How letters of TTML are written, as far as SubRip has marks for it; a colour is like `#ffff00`, undefined is white. */
export type TtmlLook = {
  readonly italic: boolean;
  readonly bold: boolean;
  readonly underlined: boolean;
  readonly colour: string | undefined;
};

export const PLAIN_TTML: TtmlLook = { italic: false, bold: false, underlined: false, colour: undefined };

type Looks = ReadonlyMap<string, Partial<TtmlLook>>;

/** Styles that name others which name others. */
const MOST_STYLES = 20;

/** Returns what each style of a document says by its identifier, with what the styles say that it names (TTML2 10.4.1.2). */
export function ttmlStyles(elements: readonly XmlElement[]): Looks {
  const byId = new Map(elements.map((element) => [element.attributes.get('id') ?? '', element] as const));
  const found = new Map<string, Partial<TtmlLook>>();
  const read = (id: string, depth: number): Partial<TtmlLook> => {
    const known = found.get(id);
    const element = byId.get(id);
    if (known || !element || depth > MOST_STYLES) return known ?? {};
    found.set(id, {}); // a style that names itself
    const named = namedBy(element).map((each) => read(each, depth + 1));
    const look = Object.assign({}, ...named, ownLook(element));
    found.set(id, look);
    return look;
  };
  for (const id of byId.keys()) read(id, 0);
  return found;
}

const namedBy = ({ attributes }: XmlElement): readonly string[] => (attributes.get('style') ?? '').split(/\s+/);

/** The look of an element by its own attributes, then by the styles that it names, then by what holds it. */
export const lookOf = (element: XmlElement, around: TtmlLook, styles: Looks): TtmlLook =>
  Object.assign({}, around, ...namedBy(element).map((id) => styles.get(id) ?? {}), ownLook(element));

function ownLook({ attributes }: XmlElement): Partial<TtmlLook> {
  const [slant, weight, line, colour] = ['fontStyle', 'fontWeight', 'textDecoration', 'color'].map((name) =>
    attributes.get(name)?.trim(),
  );
  return {
    ...(slant !== undefined && { italic: /^(italic|oblique)$/.test(slant) }),
    ...(weight !== undefined && { bold: weight === 'bold' }),
    ...(line !== undefined && { underlined: /\bunderline\b/.test(line) }),
    ...(colour !== undefined && { colour: colourIn(colour) }),
  };
}

function colourIn(value: string): string | undefined {
  const [, digits] = /^#([\da-f]{6})(?:[\da-f]{2})?$/i.exec(value) ?? [];
  if (digits !== undefined) return digits.toLowerCase() === 'ffffff' ? undefined : `#${digits.toLowerCase()}`;
  const name = colourNamed(value.toLowerCase());
  return name && colourOf(name);
}
