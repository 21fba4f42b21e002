/** Tells for each cover of the file in turn what becomes of it. */
export type CoverFates = () => { readonly fate: 'kept' | 'converted' | 'dropped'; readonly why: string };

/** Whether each cover of a file is in the rendition, in their order; covers beyond these are not. */
export type CoversThere = readonly boolean[];

/** Returns the fates of covers, one at each call: this one for those that are in the rendition. */
export function fatesOfCovers(covers: CoversThere, there: ReturnType<CoverFates>): CoverFates {
  let next = 0;
  return () => (covers[next++] ? there : { fate: 'dropped', why: COVER_LEFT });
}

const COVER_LEFT = 'this cover is not in the rendition: see the streams';
