import { newBox } from '../bytes/boxes.ts';
import type { StyledText, TextStyle } from './styled-text.ts';

/** The most bytes of a text in MP4, whose length has 16 bits. */
const MOST_BYTES = 0xffff;

/**
 * Returns a sample of a track of texts of MP4 (3GPP TS 26.245 5.17): these texts as lines of one, in UTF-8, and how they are written. Texts without a
 * letter are a space, since a sample without one says that nothing is shown. Undefined where it is longer than MP4 can say.
 */
export function timedText(texts: readonly StyledText[]): Buffer | undefined {
  const shown = texts.filter(({ letters }) => letters.trim() !== '');
  const letters = shown.map((text) => text.letters).join('\n') || ' ';
  const bytes = Buffer.from(letters, 'utf8');
  if (bytes.length > MOST_BYTES) return undefined;
  let before = 0;
  const parts = shown.flatMap(({ letters: own, parts: styled }) => {
    const at = before;
    before += [...own].length + 1;
    return styled.map(({ from, to, style }) => styleRecord(at + from, at + to, style));
  });
  const styles = parts.length === 0 ? [] : [newBox('styl', uint16(parts.length), ...parts)];
  return Buffer.concat([uint16(bytes.length), bytes, ...styles]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

const FONT = 1;
const LETTER_PIXELS = 16;
const OPAQUE = 'ff';

function styleRecord(
  from: number,
  to: number,
  { isBold, isItalic, isUnderlined, colour = '#ffffff' }: TextStyle,
): Buffer {
  const face = (isBold ? 1 : 0) + (isItalic ? 2 : 0) + (isUnderlined ? 4 : 0);
  return Buffer.concat([
    uint16(from),
    uint16(to),
    uint16(FONT),
    Buffer.from([face, LETTER_PIXELS]),
    Buffer.from(`${colour.slice(1)}${OPAQUE}`, 'hex'),
  ]);
}

const CENTRED = 1;
const AT_THE_BOTTOM = 0xff;
const UNPLACED_BOX = Buffer.alloc(8);
const NO_BACKGROUND = Buffer.alloc(4);
const FIRST_REFERENCE = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);
const PLAIN: TextStyle = { isBold: false, isItalic: false, isUnderlined: false, colour: undefined };
const FONT_NAME = 'Arial';

/** The description of such samples (5.16): white letters in the middle of the bottom. */
export const TIMED_TEXT = newBox(
  'stsd',
  Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]),
  newBox(
    'tx3g',
    FIRST_REFERENCE,
    Buffer.alloc(4),
    Buffer.from([CENTRED, AT_THE_BOTTOM]),
    NO_BACKGROUND,
    UNPLACED_BOX,
    styleRecord(0, 0, PLAIN),
    newBox('ftab', uint16(1), uint16(FONT), Buffer.from([FONT_NAME.length]), Buffer.from(FONT_NAME, 'latin1')),
  ),
);
