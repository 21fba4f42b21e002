/** Compares texts by code units, so that an order is the same on every machine and in every language. */
export const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
