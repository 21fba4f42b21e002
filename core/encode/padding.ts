import type { Size } from '../film/frame-size.ts';
import { hasAlpha } from '../film/pixel-format.ts';
import { counted } from '../format.ts';

/** What is added at the right and at the bottom of a picture, so that its codec takes it. Nothing of the picture is lost. */
export type Padding = Size & {
  readonly columns: number;
  readonly rows: number;
  readonly isTransparent: boolean;
  /** What asks for it, as a part of a sentence. */
  readonly why: string;
};

type Padded = {
  readonly pixelFormat: string;
  /** The pixel format that players get, which may have no alpha though the encoder's has. */
  readonly decodedFormat: string;
  readonly codec: string;
  readonly block: number | undefined;
  /** Whether the codec keeps transparency; DXV decodes to a format with alpha, and all of it is opaque. */
  readonly alpha: boolean;
};

/** Returns what makes a picture of one size one of another; undefined if they are equal. */
export function paddingOf(
  shown: Size,
  given: Size,
  { pixelFormat, decodedFormat, codec, block, alpha }: Padded,
): Padding | undefined {
  const [columns, rows] = [given.width - shown.width, given.height - shown.height];
  if (columns === 0 && rows === 0) return undefined;
  const sides = rows === 0 ? 'an even width' : columns === 0 ? 'an even height' : 'even sides';
  const why =
    block === undefined ? `${pixelFormat} needs ${sides}` : `${codec} needs sides that are multiples of ${block}`;
  const { width, height } = given;
  return { width, height, columns, rows, isTransparent: alpha && hasAlpha(decodedFormat), why };
}

/** Says of a rendition what was added to its picture. */
export function paddingTold(name: string, { width, height, columns, rows, isTransparent, why }: Padding): string {
  const added = [
    ...(columns > 0 ? [`${counted(columns, 'column')} at the right`] : []),
    ...(rows > 0 ? [`${counted(rows, 'row')} at the bottom`] : []),
  ];
  const verb = columns + rows === 1 ? 'is' : 'are';
  const what = isTransparent ? 'transparent' : 'black';
  return `${name} is ${width}x${height}, since ${why}: ${added.join(' and ')} ${verb} added, which ${verb} ${what}`;
}
