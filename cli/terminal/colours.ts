type TextColour = 'good' | 'bad' | 'warn' | 'soft' | 'strong';

/** Colours a text for a terminal, or leaves it as it is. */
export type Paint = (colour: TextColour, text: string) => string;

const CODES: Readonly<Record<TextColour, number>> = { good: 32, bad: 31, warn: 33, soft: 2, strong: 1 };

/** Leaves a text without colour, for files and pipes. */
export const plain: Paint = (_, text) => text;
/** Returns a text between the control sequences of a colour (ECMA-48 8.3.117, SGR). */
export const coloured: Paint = (colour, text) => (text === '' ? '' : `\u001b[${CODES[colour]}m${text}\u001b[0m`);
