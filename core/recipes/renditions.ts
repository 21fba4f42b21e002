import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import { ServiceError, usage } from '../errors.ts';
import { fitted, type Size } from '../film/frame-size.ts';
import type { VideoFacts } from '../film/probe.ts';
import { asEquirectangular, sphereLayout } from '../film/sphere-layout.ts';
import { isComparison } from '../plan/comparison.ts';
import type { Settings } from '../settings/settings.ts';
import { enlargement } from '../upscale/enlargement.ts';
import { heldBy, inCodec } from './codec-choice.ts';
import { encodedBy, refuseFilmByCard } from './hardware-choice.ts';
import type { Choice, Recipe } from './recipe.ts';

/** Returns all renditions that a recipe may make under these settings, whatever the source is. Throws `usage`. */
export function candidates(recipe: Recipe, settings: Partial<Settings>): readonly RenditionSpec[] {
  if (recipe.makes === 'enlarged') {
    refuseFilmByCard(settings);
    if (isComparison(settings)) return compared(recipe, settings);
    const enlarge = enlargement(settings, recipe.ownModels);
    return recipe.renditions.flatMap((rendition) => enlarged({ ...inCodec(rendition, settings), enlarge }, settings));
  }
  if (typeof recipe.makes === 'object')
    return unique(choicesOf(recipe.makes, settings).map((each) => encodedBy(chosen(recipe, each), each.settings)));
  return recipe.renditions.map((rendition) => encodedBy(inCodec(scaledDown(rendition, settings), settings), settings));
}

/** Two choices may come to the same: `codec=hap,hapq` with the high quality of each. */
const unique = (renditions: readonly RenditionSpec[]) =>
  renditions.filter(({ name }, i) => renditions.findIndex((each) => each.name === name) === i);

type OneChoice = { readonly choice: Choice; readonly named: string; readonly settings: Partial<Settings> };

/** The choices of a drop, one for each rendition that it names, each with the settings of a drop that names this one alone. */
export const choicesOf = (choice: Choice, settings: Partial<Settings>): readonly OneChoice[] =>
  (settings[choice.oneBy] ?? '')
    .split(',')
    .map((named) => ({ choice, named, settings: { ...settings, [choice.oneBy]: named } }));

/** Returns the rendition that a drop names by a setting, as `codec=hapq`. Throws `usage` for a name that the recipe lacks. */
export function chosen({ id, renditions }: Recipe, { choice, named, settings }: OneChoice): RenditionSpec {
  const { otherwise } = choice;
  const { quality } = settings;
  const other = quality && otherwise?.[named]?.[quality];
  if (other && 'refuse' in other) throw usage(other.refuse);
  const name = other?.make ?? named;
  const one = renditions.find((rendition) => rendition.name === name);
  if (one) return one;
  throw usage(`${id} makes no "${name}"; there are: ${renditions.map((each) => each.name).join(', ')}`);
}

const scaledDown = (rendition: RenditionSpec, { shortSide }: Partial<Settings>): RenditionSpec =>
  shortSide === undefined ? rendition : { ...rendition, fit: { shortSide } };

/** One rendition for each of two models. */
function compared({ renditions, ownModels }: Recipe, settings: Partial<Settings>): readonly RenditionSpec[] {
  if (settings.keepMezzanine)
    throw usage('keepMezzanine=true keeps the mezzanine of one model, and here two are compared; leave it out');
  const both = (settings.model ?? '').split(',').map((model) => enlargement({ ...settings, model }, ownModels));
  const scales = new Set(both.map(({ scale }) => scale));
  if (scales.size > 1)
    throw usage(`model=${settings.model}: the models enlarge differently, ${[...scales].join(' and ')} times`);
  return renditions
    .map((rendition) => inCodec(rendition, settings))
    .flatMap((rendition) =>
      both.map((enlarge) => ({ ...rendition, name: `${rendition.name}-${enlarge.model}`, enlarge })),
    );
}

/** If the mezzanine is kept, it is a rendition of its own, which the network enlarges, and the final one is made from it. */
function enlarged(rendition: RenditionSpec, settings: Partial<Settings>): readonly RenditionSpec[] {
  const { mezzanine = 'none', keepMezzanine, height } = settings;
  if (!keepMezzanine) return [rendition];
  if (mezzanine === 'none') throw usage('keepMezzanine=true needs a mezzanine to keep; name one with mezzanine=');
  const { enlarge, ...final } = rendition;
  const common = {
    name: 'mezzanine',
    parent: rendition.parent,
    delivery: 'edit',
    ...(enlarge && { enlarge }),
  } as const;
  const kept: RenditionSpec =
    mezzanine === 'hevc-intra'
      ? encodedBy({ ...common, codec: 'x265-intra', crf: 18 }, settings)
      : { ...common, codec: 'prores', profile: mezzanine === 'prores422' ? '422' : 'hq' };
  return [kept, { ...final, parent: kept.name, ...(height !== undefined && { fit: { lines: height } }) }];
}

/** Returns the renditions that a recipe makes of one picture. Throws `usage` if a codec cannot hold the picture. */
export function renditionsFor(
  recipe: Recipe,
  settings: Partial<Settings>,
  video: VideoFacts,
): readonly RenditionSpec[] {
  const all = candidates(recipe, settings);
  if (recipe.makes === 'rungs') {
    const { size } = asEquirectangular(video, layoutIn(settings));
    const rungs = rungsFor(all, { ...video, ...size }, settings.from ?? 'source');
    return withoutAv1Told(
      rungs.map((rung) => heldBy(rung, { ...video, ...size })),
      settings,
    );
  }
  return all.map((rendition) => heldBy(rendition, video));
}

/** Tells of codec=web that it makes no AV1 of this film, whose rungs all are those that it leaves to H.264. */
function withoutAv1Told(rungs: readonly RenditionSpec[], { codec }: Partial<Settings>): readonly RenditionSpec[] {
  if (codec !== 'web' || rungs.some((rung) => rung.codec !== 'x264')) return rungs;
  const stays =
    'no rung is AV1: codec=web makes AV1 above 1080p alone, where this film has no rung, and H.264 below; codec=av1 makes AV1 of all';
  return rungs.map((rung, i) => (i === 0 ? { ...rung, stays } : rung));
}

const layoutIn = ({ projection }: Partial<Settings>) =>
  projection === undefined ? undefined : sphereLayout(projection);

/** Returns the rungs for a picture. The top one is the smallest that holds the whole picture; larger ones would repeat it. */
export function rungsFor(
  rungs: readonly RenditionSpec[],
  video: VideoFacts,
  from: NonNullable<Settings['from']>,
): readonly RenditionSpec[] {
  const holding = rungs.findLastIndex((rung) => holdsWhole(rung, video));
  const made = rungs.slice(Math.max(0, holding));
  for (const rung of made) refuseTooLarge(rung, video);
  return chained(made, from);
}

/**
 * Returns the rungs with what each is made from. A rung without its parent, and with `from=source` every rung, is made from
 * the source. It then `follows` the larger rungs: if one of them was replaced by hand, it is made from that one.
 */
export function chained(made: readonly RenditionSpec[], from: NonNullable<Settings['from']>): readonly RenditionSpec[] {
  const parents = new Map(made.map(({ name, parent }) => [name, parent]));
  const above = (name: string): readonly string[] => {
    const parent = parents.get(name);
    return parent !== undefined && parents.has(parent) ? [parent, ...above(parent)] : [];
  };
  return made.map((rung) => {
    const lineage = above(rung.name);
    const [parent = 'source'] = lineage;
    return from === 'parent' ? { ...rung, parent } : { ...rung, parent: 'source', follows: lineage };
  });
}

const holdsWhole = ({ fit = {} }: RenditionSpec, video: VideoFacts) => {
  const size = fitted(video, fit);
  return size.width === video.width && size.height === video.height;
};

/** Collecting societies count a picture as a preview if its width and height together are below this. */
export const PREVIEW_LIMIT = 1200;

/** The rule is checked for the picture as it is shown, with square pixels. */
function refuseTooLarge(rung: RenditionSpec, video: VideoFacts): void {
  if (rung.fit?.halfPerimeter === undefined) return;
  const { width, height, sar } = fitted(video, rung.fit);
  refusePreview(rung.name, { width: (width * sar.num) / sar.den, height });
}

/** Throws `over-limit` if a preview is larger than collecting societies allow. */
export function refusePreview(name: string, { width, height }: Size): void {
  if (width + height < PREVIEW_LIMIT) return;
  throw new ServiceError(
    'over-limit',
    `${name} would be ${Math.round(width)}x${height}: width and height of a preview must together stay below ${PREVIEW_LIMIT}`,
  );
}
