/** A type of boxes for people and for tags: what nobody can print is written as its number, as in `a\x00bc`. */
export const shownType = (type: string): string =>
  type.replace(/[\p{C}\u00a0]/gu, (letter) => `\\x${(letter.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`);
