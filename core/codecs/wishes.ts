/** What a rendition wishes of its codec, whichever that is: each codec reads what concerns it. */
export type CodecOptions = {
  readonly crf?: number;
  readonly keyframeSeconds?: number;
  /** Its grain is a part of the picture. */
  readonly film?: true;
  /** Of ProRes. */
  readonly profile?: 'proxy' | 'lt' | '422' | 'hq';
  /** Of HAP. */
  readonly texture?: 'hap' | 'hap_q' | 'hap_alpha';
};
