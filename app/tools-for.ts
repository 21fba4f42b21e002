import { mezzanineByCard } from '../core/codecs/intermediates.ts';
import type { RenditionSpec } from '../core/codecs/rendition-spec.ts';
import type { Ports } from '../core/ports/ports.ts';
import { standsInFor } from '../core/recipes/codec-choice.ts';
import type { ToolsByCodec } from '../core/recipes/recipe-key.ts';
import type { Settings } from '../core/settings/settings.ts';
import { refuseMissingOcr } from '../core/subtitles/ocr.ts';

/**
 * Returns the versions of the tools that make these renditions, by codec, and of tesseract if the settings ask for text.
 * Throws `missing-tool`.
 */
export async function toolsFor(
  renditions: readonly RenditionSpec[],
  { maker }: Pick<Ports, 'maker'>,
  { settings, signal }: { readonly settings: Partial<Settings>; readonly signal: AbortSignal },
): Promise<ToolsByCodec> {
  // a picture that one codec cannot hold stays in another, which is known when the picture is
  const codecs = [...new Set(renditions.flatMap(({ codec }) => [codec, standsInFor(codec) ?? codec]))];
  const network = renditions.some(({ enlarge }) => enlarge) ? await networkTools(maker, settings, signal) : {};
  const versions = await Promise.all(
    codecs.map(async (codec) => [codec, { ...(await maker.tools(codec, signal)), ...network }] as const),
  );
  return new Map([...versions, ...(await ocrTools(maker, settings, signal))]);
}

/** Returns the versions of the tools that run a network and, if a graphics card makes the mezzanine, the card's name. */
async function networkTools(
  maker: Ports['maker'],
  settings: Partial<Settings>,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const { device } = mezzanineByCard(settings) ? await maker.tools('hevc-nvenc-intra', signal) : {};
  return { ...maker.networkTools(), ...(device !== undefined && { mezzanine: device }) };
}

async function ocrTools({ ocrTool }: Ports['maker'], settings: Partial<Settings>, signal: AbortSignal) {
  const { ocr = 'none' } = settings;
  if (ocr === 'none') return [];
  const tool = await ocrTool(signal);
  refuseMissingOcr(settings, tool);
  return tool ? [['ocr', { tesseract: tool.version, languages: tool.languages.join() }] as const] : [];
}
