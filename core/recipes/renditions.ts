import { codecNamed } from '../codecs/index.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import { ServiceError, usage } from '../errors.ts';
import { fitted, type Size } from '../film/frame-size.ts';
import type { VideoFacts } from '../film/probe.ts';
import { isComparison } from '../plan/comparison.ts';
import type { Settings } from '../settings/settings.ts';
import { enlargement } from '../upscale/enlargement.ts';
import { encodedBy, refuseFilmByCard } from './hardware-choice.ts';
import type { Choice, Recipe } from './recipe.ts';

/** What a recipe may make under these settings, before anything is known of the source. Throws `usage`. */
export function candidates(recipe: Recipe, settings: Partial<Settings>): readonly RenditionSpec[] {
  if (recipe.makes === 'enlarged') {
    refuseFilmByCard(settings);
    if (isComparison(settings)) return compared(recipe, settings);
    const enlarge = enlargement(settings, recipe.ownModels);
    return recipe.renditions.flatMap((rendition) => enlarged({ ...rendition, enlarge }, settings));
  }
  if (typeof recipe.makes === 'object') return [encodedBy(chosen(recipe, recipe.makes, settings), settings)];
  return recipe.renditions.map((rendition) => encodedBy(broughtDown(rendition, settings), settings));
}

function chosen({ id, renditions }: Recipe, { oneBy, otherwise }: Choice, settings: Partial<Settings>): RenditionSpec {
  const { [oneBy]: named = '', quality } = settings;
  const other = quality && otherwise?.[named]?.[quality];
  if (other && 'refuse' in other) throw usage(other.refuse);
  const name = other?.make ?? named;
  const one = renditions.find((rendition) => rendition.name === name);
  if (one) return one;
  throw usage(`${id} makes no "${name}"; there are: ${renditions.map((each) => each.name).join(', ')}`);
}

const broughtDown = (rendition: RenditionSpec, { shortSide }: Partial<Settings>): RenditionSpec =>
  shortSide === undefined ? rendition : { ...rendition, fit: { shortSide } };

/** One rendition for each of two models. */
function compared({ renditions, ownModels }: Recipe, settings: Partial<Settings>): readonly RenditionSpec[] {
  if (settings.keepMezzanine) throw usage('two models are compared without keepMezzanine=true');
  const both = (settings.model ?? '').split(',').map((model) => enlargement({ ...settings, model }, ownModels));
  const scales = new Set(both.map(({ scale }) => scale));
  if (scales.size > 1)
    throw usage(`model=${settings.model}: they do not enlarge equally, ${[...scales].join(' and ')} times`);
  return renditions.flatMap((rendition) =>
    both.map((enlarge) => ({ ...rendition, name: `${rendition.name}-${enlarge.model}`, enlarge })),
  );
}

/** With a mezzanine that is kept, the network's picture is that, and the rendition is made from it. */
function enlarged(rendition: RenditionSpec, settings: Partial<Settings>): readonly RenditionSpec[] {
  const { mezzanine = 'none', keepMezzanine, height } = settings;
  if (!keepMezzanine) return [rendition];
  if (mezzanine === 'none') throw usage('keepMezzanine=true keeps what mezzanine= makes, and that is none; name one');
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

/** What a recipe makes of one picture. Throws `usage` where that cannot hold what the picture has. */
export function renditionsFor(
  recipe: Recipe,
  settings: Partial<Settings>,
  video: VideoFacts,
): readonly RenditionSpec[] {
  const all = candidates(recipe, settings);
  if (recipe.makes === 'rungs') return rungsFor(all, video, settings.from ?? 'source');
  for (const { codec } of all) {
    const refusal = codecNamed(codec).refusal?.(video);
    if (refusal !== undefined) throw usage(refusal);
  }
  return all;
}

/**
 * The smallest rung that holds the whole picture is the top; those above it would only repeat it.
 */
export function rungsFor(
  rungs: readonly RenditionSpec[],
  video: VideoFacts,
  from: NonNullable<Settings['from']>,
): readonly RenditionSpec[] {
  const holding = rungs.findLastIndex((rung) => holdsWhole(rung, video));
  const made = rungs.slice(Math.max(0, holding));
  for (const rung of made) refuseTooLarge(rung, video);
  return hung(made, from);
}

/**
 * What each rung is made from. A rung whose parent is left out hangs on the source, and with `from=source` all do; but
 * whoever replaces a rung by hand means it for those below it too, so they follow it.
 */
export function hung(made: readonly RenditionSpec[], from: NonNullable<Settings['from']>): readonly RenditionSpec[] {
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

/** Collecting societies take a picture for a preview while its width and height together stay below this. */
export const PREVIEW_LIMIT = 1200;

/** The rule is checked on what is shown, whatever computed it. */
function refuseTooLarge(rung: RenditionSpec, video: VideoFacts): void {
  if (rung.fit?.halfPerimeter === undefined) return;
  const { width, height, sar } = fitted(video, rung.fit);
  refusePreview(rung.name, { width: (width * sar.num) / sar.den, height });
}

/** Throws `over-limit` where a preview is larger than collecting societies allow. */
export function refusePreview(name: string, { width, height }: Size): void {
  if (width + height < PREVIEW_LIMIT) return;
  throw new ServiceError(
    'over-limit',
    `${name} would be ${Math.round(width)}x${height}: width and height of a preview must together stay below ${PREVIEW_LIMIT}`,
  );
}
