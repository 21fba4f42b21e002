import type { Size } from '../film/frame-size.ts';
import type { CropOfTexts } from '../streams/crop-of-texts.ts';

/** How coordinates of a script move: what is taken away at each edge, in units of the script, and how new units are rounded. */
type ScriptMove = {
  readonly taken: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  readonly size: Size;
  readonly x: (value: number, scale?: number) => number;
  readonly y: (value: number, scale?: number) => number;
};

/**
 * Returns a script of ASS or SSA for the part of its picture that `crop=` leaves: the size of the script, the places, movements, origins and clips
 * of texts, and margins. A text that the layout puts into a part that is cut away keeps its distance from the edge.
 */
export function assInCrop(script: string, crop: CropOfTexts): string {
  const move = moveOf(sizeOf(script), crop);
  const columns = new Map<string, readonly string[]>();
  const alignments = new Map<string, number>();
  const isOld = /^ScriptType:\s*v4\.00\s*$/im.test(script);
  let section = '';
  const withoutOld = script.replace(/^PlayRes[XY]:[^\r\n]*(?:\r\n|\n|\r)/gim, '');
  const lines = withoutOld.split(/(\r\n|\n|\r)/).map((line, i) => {
    if (i % 2 === 1) return line;
    if (LAYOUT.test(line)) return croppedLayout(line, crop);
    const begins = /^\s*\[(.+)\]/.exec(line)?.[1];
    if (begins !== undefined) section = begins.toLowerCase();
    const [, kind = '', rest = ''] = /^(\w+):\s*(.*)$/.exec(line) ?? [];
    if (kind === 'Format')
      columns.set(
        section,
        rest.split(',').map((name) => name.trim().toLowerCase()),
      );
    const names = columns.get(section) ?? [];
    if (kind === 'Style') return `Style: ${movedStyle(rest, names, { move, alignments, isOld })}`;
    return kind === 'Dialogue' || kind === 'Comment'
      ? `${kind}: ${movedEvent(rest, names, { move, alignments })}`
      : line;
  });
  return withSize(lines.join(''), move.size);
}

/** The size of the picture that a script was laid out for (libass 0.17): it gives letters their shape, and is cropped as the picture is. */
const LAYOUT = /^LayoutRes([XY]):\s*(\d+)\s*$/i;

function croppedLayout(line: string, { width, height, of }: CropOfTexts): string {
  const [, side = '', said = ''] = LAYOUT.exec(line) ?? [];
  const share = side.toUpperCase() === 'X' ? width / of.width : height / of.height;
  return `LayoutRes${side.toUpperCase()}: ${Math.max(1, Math.round(Number(said) * share))}`;
}

/** The size that renderers take where a script states one side or none (libass). */
function sizeOf(script: string): Size {
  const said = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'im').exec(script)?.[1] ?? 0);
  const [width, height] = [said('PlayResX'), said('PlayResY')];
  if (width > 0 && height > 0) return { width, height };
  if (width > 0) return { width, height: width === 1280 ? 1024 : Math.max(1, Math.trunc((width * 3) / 4)) };
  if (height > 0) return { width: height === 1024 ? 1280 : Math.max(1, Math.trunc((height * 4) / 3)), height };
  return { width: 384, height: 288 };
}

function moveOf(script: Size, { left, top, width, height, of }: CropOfTexts): ScriptMove {
  const [across, down] = [script.width / of.width, script.height / of.height];
  const exact = { width: width * across, height: height * down };
  // renderers take whole sizes alone
  const size = { width: Math.max(1, Math.round(exact.width)), height: Math.max(1, Math.round(exact.height)) };
  const taken = {
    left: left * across,
    top: top * down,
    right: (of.width - left - width) * across,
    bottom: (of.height - top - height) * down,
  };
  const rounded = (value: number) => Math.round(value * 1000) / 1000;
  return {
    ...{ taken, size },
    x: (value, scale = 1) => rounded((value - taken.left * scale) * (size.width / exact.width)),
    y: (value, scale = 1) => rounded((value - taken.top * scale) * (size.height / exact.height)),
  };
}

type Styles = { readonly move: ScriptMove; readonly alignments: Map<string, number> };

function movedStyle(
  rest: string,
  names: readonly string[],
  { move, alignments, isOld }: Styles & { readonly isOld: boolean },
): string {
  const fields = rest.split(',');
  const at = (name: string) => names.indexOf(name);
  const said = Number(fields[at('alignment')] ?? 2);
  const alignment = isOld ? ofOld(said) : said;
  alignments.set((fields[at('name')] ?? '').trim().replace(/^\*/, ''), alignment);
  return withMargins(fields, names, { move, alignment, least: 0 }).join(',');
}

/** SSA counts 1 to 3 at the bottom, 5 to 7 at the top and 9 to 11 in the middle. */
const ofOld = (alignment: number): number =>
  alignment & 4 ? (alignment & 3) + 6 : alignment & 8 ? (alignment & 3) + 3 : alignment & 3;

function movedEvent(rest: string, names: readonly string[], { move, alignments }: Styles): string {
  const all = rest.split(',');
  const count = Math.max(1, names.length);
  const fields = [...all.slice(0, count - 1), all.slice(count - 1).join(',')];
  const style = (fields[names.indexOf('style')] ?? '').trim().replace(/^\*/, '');
  const text = fields.at(-1) ?? '';
  const asked = /\\an([1-9])/.exec(text)?.[1];
  const alignment = asked === undefined ? (alignments.get(style) ?? alignments.get('Default') ?? 2) : Number(asked);
  // a margin of 0 in an event is that of its style
  const moved = withMargins(fields, names, { move, alignment, least: 1 });
  return [...moved.slice(0, -1), text.replace(/\{[^{}]*\}/g, (block) => movedBlock(block, move))].join(',');
}

type Margins = { readonly move: ScriptMove; readonly alignment: number; readonly least: 0 | 1 };

function withMargins(
  fields: readonly string[],
  names: readonly string[],
  { move, alignment, least }: Margins,
): readonly string[] {
  const { left, right, top, bottom } = move.taken;
  const vertical = alignment >= 7 ? top : alignment <= 3 ? bottom : 0;
  const taken: Readonly<Record<string, number>> = { marginl: left, marginr: right, marginv: vertical };
  return fields.map((field, i) => {
    const less = taken[names[i] ?? ''] ?? 0;
    const margin = Number(field);
    const moved = Math.round(margin - less);
    return less === 0 || !Number.isFinite(margin) || margin < least || moved < least ? field : `${moved}`;
  });
}

const NUMBER = '\\s*(-?[\\d.]+)\\s*';
const POS = new RegExp(`\\\\(pos|org)\\(${NUMBER},${NUMBER}\\)`, 'g');
const MOVE = new RegExp(`\\\\move\\(${NUMBER},${NUMBER},${NUMBER},${NUMBER}`, 'g');
const RECTANGLE = new RegExp(`\\\\(i?clip)\\(${NUMBER},${NUMBER},${NUMBER},${NUMBER}\\)`, 'g');
const DRAWING = /\\(i?clip)\((?:\s*(\d+)\s*,)?([^(),]*)\)/g;

function movedBlock(block: string, { x, y }: ScriptMove): string {
  const moved = (values: readonly string[]) => values.map((value, i) => (i % 2 === 0 ? x : y)(Number(value))).join(',');
  return block
    .replace(POS, (_, name: string, ...values: string[]) => `\\${name}(${moved(values.slice(0, 2))})`)
    .replace(MOVE, (_, ...values: string[]) => `\\move(${moved(values.slice(0, 4))}`)
    .replace(RECTANGLE, (_, name: string, ...values: string[]) => `\\${name}(${moved(values.slice(0, 4))})`)
    .replace(DRAWING, (_, name: string, scale: string | undefined, drawing: string) => {
      const finer = 2 ** (Number(scale ?? 1) - 1);
      return `\\${name}(${scale === undefined ? '' : `${scale},`}${movedDrawing(drawing, { x, y, finer })})`;
    });
}

/** Numbers of a drawing are pairs behind each command. */
function movedDrawing(
  drawing: string,
  { x, y, finer }: Pick<ScriptMove, 'x' | 'y'> & { readonly finer: number },
): string {
  let isAcross = true;
  return drawing.replace(/[a-z]|-?[\d.]+/g, (word) => {
    if (/[a-z]/.test(word)) {
      isAcross = true;
      return word;
    }
    const moved = isAcross ? x(Number(word), finer) : y(Number(word), finer);
    isAcross = !isAcross;
    return `${moved}`;
  });
}

function withSize(script: string, { width, height }: Size): string {
  return script.replace(
    /^((?:\uFEFF|\xEF\xBB\xBF)?\s*\[Script Info\][^\r\n]*)(\r\n|\n|\r)/i,
    (_, head: string, end: string) => `${head}${end}PlayResX: ${width}${end}PlayResY: ${height}${end}`,
  );
}
