import { usage } from '../errors.ts';
import type { Size } from './frame-size.ts';

/** How a sphere lies in its picture, by the values of `projection=`. */
type SphereLayout =
  | { readonly name: 'equirectangular' | 'eac' | 'cubemap' }
  | { readonly name: 'dfisheye'; readonly fieldOfView: number };

/** Parses a layout: "eac", or "dfisheye:195" with the degrees that each lens sees. Undefined for any other text. */
export function sphereLayout(text: string): SphereLayout | undefined {
  if (text === 'equirectangular' || text === 'eac' || text === 'cubemap') return { name: text };
  const [, degrees] = /^dfisheye:(\d{3}(?:\.\d+)?)$/.exec(text) ?? [];
  const fieldOfView = Number(degrees);
  return fieldOfView >= 170 && fieldOfView <= 280 ? { name: 'dfisheye', fieldOfView } : undefined;
}

/** The widest difference from a layout's shape, for sides that are rounded to whole blocks. */
const ALIKE = 0.01;

/**
 * Returns the size of the equirectangular picture of a sphere, with as many pixels around its equator, and the filters that
 * make it. Throws `usage` for a picture that does not have the shape of its layout.
 */
export function asEquirectangular(
  size: Size,
  layout: SphereLayout | undefined,
): { readonly size: Size; readonly filters: readonly string[] } {
  if (!layout || layout.name === 'equirectangular') return { size, filters: [] };
  const { name } = layout;
  const shape = name === 'dfisheye' ? 2 : 1.5;
  if (Math.abs(size.width / size.height / shape - 1) > ALIKE) {
    const wanted = name === 'dfisheye' ? '2:1, one lens beside the other' : '3:2, three by two faces';
    throw usage(`projection=${name} takes a picture of ${wanted}; this one is ${size.width}x${size.height}`);
  }
  // a face is a third of the width, and the equator crosses four of them
  const height = 2 * Math.round((name === 'dfisheye' ? size.width / 2 : (2 * size.width) / 3) / 2);
  const round = { width: 2 * height, height };
  const lenses = layout.name === 'dfisheye' ? `:ih_fov=${layout.fieldOfView}:iv_fov=${layout.fieldOfView}` : '';
  const v360 = `v360=input=${INPUTS[name]}:output=e:w=${round.width}:h=${round.height}:interp=lanczos${lenses}`;
  return { size: round, filters: [v360] };
}

const INPUTS = { eac: 'eac', cubemap: 'c3x2:in_forder=rludfb', dfisheye: 'dfisheye' } as const;

/** Cameras' names for files, and what they write of themselves, by which a sphere is recognised that says nothing else. */
const SIGNS: readonly { readonly sign: RegExp; readonly is: string; readonly ask: string }[] = [
  {
    sign: /\.insv$|insta360|dual[-_ ]?fish|dfisheye/i,
    is: 'two fisheye pictures',
    ask: 'dfisheye:<degrees a lens sees>',
  },
  { sign: /gear ?360|sm-[cr]2[01]0|(^|\/)360_\d{4}\.mp4$/i, is: 'two fisheye pictures', ask: 'dfisheye:195' },
  { sign: /\.360$|gopro max/i, is: 'an equi-angular cubemap in two tracks', ask: '' },
  { sign: /(^|[-_. ])eac([-_. ]|$)|equi-?angular/i, is: 'an equi-angular cubemap', ask: 'eac' },
  { sign: /cube-?map/i, is: 'a cubemap', ask: 'cubemap' },
];

/** Returns the end of a sentence about a sphere that is not equirectangular: what it is taken for, and what can be asked for. */
export function layoutAdvice(told: readonly string[]): string | undefined {
  for (const { sign, is, ask } of SIGNS) {
    const by = told.find((text) => sign.test(text));
    if (by === undefined) continue;
    const then =
      ask === ''
        ? "which is put together in the camera's own program first"
        : `which projection=${ask} converts, if they lie as v360 expects them`;
    return `"${by}" looks like ${is}, ${then}`;
  }
  return undefined;
}
