/** How a letter of a caption is written. A colour is that of SubRip's marks, as `#ffff00`; undefined is white, which players take for all text. */
export type CaptionLook = {
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
  readonly colour: string | undefined;
};

/** A letter in the place of a row. */
export type CaptionCell = { readonly letter: string; readonly look: CaptionLook };

export const PLAIN_LOOK: CaptionLook = { isItalic: false, isUnderlined: false, colour: undefined };

/**
 * Returns the letters of a row as a line of text with the marks of SubRip (`<i>`, `<u>`, `<font color>`). Places without a letter between
 * two words are one space, which takes the look of the word before it.
 */
export function markedLine(cells: readonly (CaptionCell | undefined)[]): string {
  const runs: { look: CaptionLook; letters: string }[] = [];
  for (const { letter, look } of Array.from(cells, (cell) => cell ?? { letter: ' ', look: PLAIN_LOOK })) {
    const last = runs.at(-1);
    if (last && (letter === ' ' || isSame(last.look, look))) last.letters += letter;
    else runs.push({ look, letters: letter });
  }
  const line = runs.map(({ look, letters }) => marked(letters.replace(/ +/g, ' '), look)).join('');
  return line.replace(/ +/g, ' ').trim();
}

const isSame = (a: CaptionLook, b: CaptionLook): boolean =>
  a.isItalic === b.isItalic && a.isUnderlined === b.isUnderlined && a.colour === b.colour;

function marked(letters: string, { isItalic, isUnderlined, colour }: CaptionLook): string {
  const words = letters.trimEnd();
  if (words === '') return letters;
  const slanted = isItalic ? `<i>${words}</i>` : words;
  const underlined = isUnderlined ? `<u>${slanted}</u>` : slanted;
  const coloured = colour === undefined ? underlined : `<font color="${colour}">${underlined}</font>`;
  return `${coloured}${letters.slice(words.length)}`;
}

/** The eight colours that CEA-608, teletext and WebVTT share, by the names that WebVTT gives them (W3C WebVTT 5.1). */
const COLOUR_NAMES = ['black', 'blue', 'lime', 'cyan', 'red', 'magenta', 'yellow', 'white'] as const;
export type ColourName = (typeof COLOUR_NAMES)[number];

/** Returns the colour as SubRip's marks have it; undefined for white. */
export function colourOf(name: ColourName): string | undefined {
  const bits = COLOUR_NAMES.indexOf(name);
  return name === 'white' ? undefined : hexOf([4, 2, 1].map((bit) => (bits & bit ? 0xff : 0)));
}

/** Returns a colour of CEA-708, which has two bits each for red, green and blue (CTA-708-E 8.8), as SubRip's marks have it; undefined for white. */
export function serviceColour(bits: number): string | undefined {
  const colour = hexOf([bits >> 4, bits >> 2, bits].map((part) => STRONGEST[part & 3] ?? 0));
  return colour === '#ffffff' ? undefined : colour;
}

/** Two of three is full strength, since receivers need to know no more than none and two (CTA-708-E 9.20). */
const STRONGEST = [0, 0x80, 0xff, 0xff];

const hexOf = (parts: readonly number[]): string =>
  `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/** Returns the name of the nearest of the eight colours: each of red, green and blue counts that is at least half as strong as the strongest. */
export function nearestColour(hex: string): ColourName {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const strongest = Math.max(...parts);
  const bits = parts.reduce((all, part) => 2 * all + (strongest > 0 && 2 * part >= strongest ? 1 : 0), 0);
  return COLOUR_NAMES[bits] ?? 'white';
}

/** Names of HTML; its green is half as bright as the lime that captions mean by it. */
const NAMED: ReadonlyMap<string, ColourName> = new Map([
  ['green', 'lime'],
  ['aqua', 'cyan'],
  ['fuchsia', 'magenta'],
  ...COLOUR_NAMES.map((name) => [name, name] as const),
]);

/** Returns the colour that a name of HTML means, among the eight; undefined for other names. */
export const colourNamed = (name: string): ColourName | undefined => NAMED.get(name);
