/** Where a caption begins in the area in which captions stand: shares of its height and width, and which side of the text the place across means. */
type CaptionPlace = {
  readonly down: number;
  readonly across: number;
  readonly align?: 'start' | 'center' | 'end';
};

/** Returns the place as WebVTT says it. Captions stand in the middle four fifths of the picture (CTA-608-E, CTA-708-E 8.3). */
export const placeInSafeArea = ({ down, across, align = 'start' }: CaptionPlace): string =>
  `line:${percent(down)} position:${percent(across)} align:${align}`;

const percent = (share: number): string => `${Number((10 + 80 * Math.min(1, Math.max(0, share))).toFixed(2))}%`;
