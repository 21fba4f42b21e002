import { ladder } from '../../core/recipes/ladder.ts';

/** A ladder of one small rung, which is made of the source. */
export const smallLadder = {
  ...ladder,
  renditions: [{ ...ladder.renditions[3], parent: 'source', fit: { halfPerimeter: 200 } }],
};
