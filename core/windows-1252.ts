/** What the bytes 0x80 to 0x9F mean (https://encoding.spec.whatwg.org/index-windows-1252.txt); five of them are control characters. */
const FROM_0X80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/**
 * Returns a text in Windows-1252, which is also what the web reads where ISO 8859-1 is said. Node's own decoder of that name
 * reads ISO 8859-1 in some releases (20 and 22 among them), which makes control characters of quotation marks, dashes and €.
 */
export function fromWindows1252(bytes: Uint8Array): string {
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return latin.replace(/[\u0080-\u009f]/g, (each) => FROM_0X80[each.charCodeAt(0) - 0x80] ?? each);
}
