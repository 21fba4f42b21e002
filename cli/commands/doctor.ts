import process from 'node:process';
import { CODECS } from '../../core/codecs/index.ts';
import { FAILURES } from '../../core/errors.ts';
import { encodersOf } from '../../core/recipes/encoders.ts';
import { makerOf } from '../../core/settings/makers.ts';
import { localConfig } from '../../runtime/config.ts';
import { hardwareTrials } from '../../runtime/hardware-trials.ts';
import { localOcr } from '../../runtime/local-ocr.ts';
import { findOnnxruntime, ONNXRUNTIME } from '../../runtime/local-onnxruntime.ts';
import { installFfmpeg, localToolbox, x265Of } from '../../runtime/local-ports.ts';
import { widthOf } from '../../runtime/people.ts';
import type { CommandDefault } from '../arguments/command-defaults.ts';
import { fittedText } from '../terminal/display-width.ts';
import { fittedTable } from '../terminal/fitted-table.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';

type ToolNeed = {
  readonly kind: 'encoder' | 'filter';
  readonly name: string;
  readonly need: boolean;
  readonly makes: string;
  readonly comesWith?: string;
};

/** The encoders and filters that are needed or useful, and what each is for. */
const TOOL_NEEDS: readonly ToolNeed[] = [
  ...encodersOf().map(({ encoder, makes, comesWith }) => ({
    kind: 'encoder' as const,
    name: encoder,
    need: encoder === CODECS.x265.encoder, // most recipes use it
    makes,
    comesWith,
  })),
  { kind: 'encoder', name: 'aac', need: false, makes: 'sound in ladder' },
  { kind: 'encoder', name: 'alac', need: true, makes: 'PCM sound in MP4' },
  { kind: 'filter', name: 'bwdif', need: true, makes: 'deinterlacing' },
  { kind: 'filter', name: 'idet', need: true, makes: 'finding interlacing' },
  { kind: 'filter', name: 'ssim', need: true, makes: 'quality in SSIM' },
  { kind: 'filter', name: 'zscale', need: false, makes: 'tone-mapping of HDR' },
  { kind: 'filter', name: 'libvmaf', need: false, makes: 'quality in VMAF' },
  { kind: 'filter', name: 'xpsnr', need: false, makes: 'quality in XPSNR where there is no VMAF' },
];

/** The defaults that are set, and variables that look like some and are none. */
export type DefaultsFound = { readonly defaults: readonly CommandDefault[]; readonly strange: readonly string[] };

const shown = (value: CommandDefault['value']) => printable(JSON.stringify(value));

const toldAs = ({ option, value, from, commands }: CommandDefault) => ({ option: option.name, value, from, commands });

/** Returns exit code 0 if everything that is needed is installed, otherwise that of a missing tool. */
export async function doctor(
  options: { readonly json?: boolean },
  { defaults, strange }: DefaultsFound,
): Promise<number> {
  const signal = interruptSignal();
  const config = localConfig();
  const toolbox = await localToolbox(config, signal);
  const rows = TOOL_NEEDS.map((wanted) => {
    const tool = wanted.kind === 'encoder' ? toolbox.withEncoder(wanted.name) : toolbox.withFilter(wanted.name);
    return { ...wanted, found: tool?.path };
  });
  const healthy = rows.every(({ need, found }) => !need || found !== undefined);
  const hardware = await hardwareTrials(toolbox, signal);
  const ocr = await localOcr(toolbox, signal);
  const onnxruntime = findOnnxruntime(config);
  const tools = await Promise.all(
    toolbox.all.map(async (tool) => {
      const { path, version } = tool;
      return { path, version, libx265: await x265Of(tool, signal) };
    }),
  );
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ type: 'doctor', tools, ffprobe: toolbox.ffprobe, can: rows, ocr, onnxruntime, hardware, defaults: defaults.map(toldAs), healthy })}\n`,
    );
  } else {
    const table: string[][] = [];
    const width = widthOf(process.stdout);
    const tell = (sentence: string) => process.stdout.write(`${fittedText(sentence, width, 2)}\n`);
    for (const { name, makes, need, found, comesWith } of rows) {
      const where = found ?? (comesWith === undefined ? '' : `comes with ${comesWith}`);
      table.push([found ? 'ok' : need ? 'MISSING' : '-', name, makes, where]);
    }
    const languages = ocr
      ? `${ocr.version}, languages: ${ocr.languages.join(', ') || 'none'}`
      : 'tesseract-ocr is not installed';
    table.push([ocr ? 'ok' : '-', 'tesseract', `bitmap subtitles as text in upscale (${languages})`, ocr?.path ?? '']);
    const network = onnxruntime?.isHere
      ? onnxruntime.version
      : 'reelmill fetch onnxruntime-node, or at the first upscale';
    table.push([onnxruntime?.isHere ? 'ok' : '-', ONNXRUNTIME, 'networks in upscale', onnxruntime ? network : '']);
    for (const trial of hardware) {
      const maker = makerOf(trial.encoder);
      const found = trial.works ? `${trial.path}, on ${trial.device}` : trial.why;
      table.push([trial.works ? 'ok' : '-', trial.encoder, `encoder=${maker} instead of x265 and x264`, found]);
    }
    const lines = tools.map(({ path, version, libx265 }) => `${path}: ffmpeg ${version}, x265 ${libx265 ?? 'none'}`);
    for (const line of [...lines, `${toolbox.ffprobe}: ffprobe`]) tell(line);
    process.stdout.write(`${fittedTable(['', 'what', 'for', 'in'], table, width)}\n`);
    for (const { commands, option, value, from } of defaults)
      tell(`--${option.name} is ${shown(value)} from ${from} (${commands.join(', ')})`);
    for (const sentence of strange) tell(sentence);
    if (!healthy) tell(`what is MISSING comes with a full ffmpeg: ${installFfmpeg()}`);
  }
  return healthy ? 0 : FAILURES['missing-tool'].exit;
}
