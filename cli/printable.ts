/** A name from outside on a terminal: no control characters, which could hide or forge lines. */
export const printable = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
