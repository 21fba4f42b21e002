import type { RenditionRecord } from '../job/manifest.ts';

type Made = Pick<RenditionRecord, 'tool' | 'edited'>;
type Versions = Readonly<Record<string, string>>;

/** Who asks for renditions to be made anew that are as they were published, and what would make them now. */
type Remaking = {
  /** Whether this run was told to (`--remake`). */
  readonly remake: boolean;
  readonly remakeOn: 'tools' | undefined;
  readonly tools: Versions;
};

/** What a manifest says of a rendition that no tool made. */
export const COPIED = 'copy';
export const BY_HAND = 'replaced by hand';

/** Versions of tools as a manifest has them. */
export const toolsText = (tools: Versions): string =>
  Object.entries(tools)
    .map((tool) => tool.join(' '))
    .join(', ');

/** Which tools made a rendition, where others would make it now; undefined where the same would. */
export function otherTools({ tool }: Made, tools: Versions): string | undefined {
  const now = toolsText(tools);
  if (tool === COPIED || tool === BY_HAND || tool === now) return undefined;
  return `it was made by ${tool}, and would be made by ${now} now`;
}

/**
 * Why a rendition is made anew although its source, its recipe and its file are as they were; undefined where it stays. What
 * somebody put there by hand stays in any case.
 */
export function remakeReason(made: Made, { remake, remakeOn, tools }: Remaking): string | undefined {
  if (made.edited) return undefined;
  const others = otherTools(made, tools);
  if (remake) return others ?? 'it was asked to be made anew';
  return remakeOn === 'tools' ? others : undefined;
}
