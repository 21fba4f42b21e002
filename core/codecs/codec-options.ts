/** A rendition's options for its codec. Each codec reads those that concern it. */
export type CodecOptions = {
  readonly crf?: number;
  readonly keyframeSeconds?: number;
  /** Whether grain is a part of the picture and has to be kept. */
  readonly film?: true;
  /** The profile of ProRes. */
  readonly profile?: 'proxy' | 'lt' | '422' | 'hq' | '4444' | '4444xq';
  /** The texture format of HAP. */
  readonly texture?: 'hap' | 'hap_q' | 'hap_alpha' | 'hap_q_alpha';
};
