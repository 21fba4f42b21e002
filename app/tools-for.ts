import { mezzanineByCard } from '../core/codecs/intermediates.ts';
import type { RenditionSpec } from '../core/codecs/rendition-spec.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { ToolsByCodec } from '../core/recipes/recipe-key.ts';
import type { Settings } from '../core/settings/settings.ts';
import { refuseMissingOcr } from '../core/subtitles/ocr.ts';

/**
 * The versions of the tools that make these renditions, by codec, and of what reads subtitles if the settings ask for that.
 * Throws `missing-tool`.
 */
export async function toolsFor(
  renditions: readonly RenditionSpec[],
  { media }: Pick<Ports, 'media'>,
  { settings, signal }: { readonly settings: Partial<Settings>; readonly signal: AbortSignal },
): Promise<ToolsByCodec> {
  const codecs = [...new Set(renditions.map(({ codec }) => codec))];
  const network = renditions.some(({ enlarge }) => enlarge) ? await networkTools(media, settings, signal) : {};
  const versions = await Promise.all(
    codecs.map(async (codec) => [codec, { ...(await media.tools(codec, signal)), ...network }] as const),
  );
  return new Map([...versions, ...(await ocrTools(media, settings, signal))]);
}

/** The versions of what runs a network and, where a graphics card makes the mezzanine, the card's name. */
async function networkTools(
  media: Ports['media'],
  settings: Partial<Settings>,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const { device } = mezzanineByCard(settings) ? await media.tools('hevc-nvenc-intra', signal) : {};
  return { ...media.networkTools(), ...(device !== undefined && { mezzanine: device }) };
}

async function ocrTools({ ocrTool }: Ports['media'], settings: Partial<Settings>, signal: AbortSignal) {
  const { ocr = 'none' } = settings;
  if (ocr === 'none') return [];
  const tool = await ocrTool(signal);
  refuseMissingOcr(settings, tool);
  return tool ? [['ocr', { tesseract: tool.version, languages: tool.languages.join() }] as const] : [];
}
