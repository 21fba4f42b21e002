import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import type { Manifest, RenditionRecord } from '../../core/job/manifest.ts';
import type { ToolsByCodec } from '../../core/recipes/recipe-key.ts';
import { otherTools, remakeReason } from '../../core/renditions/remake.ts';
import { takesSubtitles } from '../../core/subtitles/beside.ts';
import type { JobRequest } from '../job-request.ts';

type Asking = {
  readonly request: Pick<JobRequest, 'recipe' | 'remake'>;
  readonly tools: ToolsByCodec;
  /** Whether the subtitles beside the source differ from those that the results were made with. */
  readonly besideChanged: boolean;
};
type Spec = Pick<RenditionSpec, 'name' | 'codec' | 'delivery' | 'parent'>;
type WantedSpecs = readonly Spec[];

/** Returns why this run makes an unchanged rendition again; undefined if it does not. */
export const whyRemade = (
  recorded: RenditionRecord,
  { codec, delivery, parent }: Spec,
  { request, tools, besideChanged }: Asking,
): string | undefined => {
  const { remake = false, recipe } = request;
  const asked = remakeReason(recorded, { remake, remakeOn: recipe.remakeOn, tools: tools.get(codec) ?? {} });
  const isTaken = besideChanged && parent === 'source' && takesSubtitles(delivery) && !recorded.edited;
  return asked ?? (isTaken ? 'other subtitles lie beside its source: it is joined again' : undefined);
};

/** Returns the reasons by name, for renditions that are made again. */
export const remadeOf = (manifest: Manifest, wanted: WantedSpecs, asking: Asking): ReadonlyMap<string, string> =>
  named(manifest, wanted, (recorded, rendition) => whyRemade(recorded, rendition, asking));

/** Returns the tools that made a rendition, by name, if other tools would make it now. */
export const madeByOthers = (
  manifest: Manifest,
  wanted: WantedSpecs,
  tools: ToolsByCodec,
): ReadonlyMap<string, string> =>
  named(manifest, wanted, (recorded, { codec }) => otherTools(recorded, tools.get(codec) ?? {}));

function named(
  { renditions }: Manifest,
  wanted: WantedSpecs,
  tell: (recorded: RenditionRecord, rendition: Spec) => string | undefined,
): ReadonlyMap<string, string> {
  return new Map(
    renditions.flatMap((recorded) => {
      const rendition = wanted.find(({ name }) => name === recorded.name);
      const told = rendition && tell(recorded, rendition);
      return told === undefined ? [] : [[recorded.name, told] as const];
    }),
  );
}
