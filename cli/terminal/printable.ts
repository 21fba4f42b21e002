/** Replaces control characters of a name for a terminal, where they could hide or forge lines. */
export const printable = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
