import { readdir, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { type Onnxruntime, onnxruntimeBeside } from '../media/onnx/onnxruntime.ts';
import { fetchPart, isFetched, type NpmPart, npmPart } from '../media/tools/npm-part.ts';
import type { LocalConfig } from './config.ts';

export const ONNXRUNTIME = 'onnxruntime-node';

export type FetchReport = { readonly signal: AbortSignal; report(message: string): void };

/** Returns onnxruntime: that beside the program, or else one that is fetched when a network is opened first. */
export function localOnnxruntime(config: LocalConfig, told: FetchReport): Onnxruntime | undefined {
  const part = onnxruntimePart(config);
  return onnxruntimeBeside() ?? (part && { version: part.version, folder: () => fetchOnnxruntime(part, told) });
}

/** The part that onnxruntime is in the installed command; undefined in a checkout, where npm ci has installed it. */
export const onnxruntimePart = ({ partsFolder, partsCache }: LocalConfig): NpmPart | undefined =>
  npmPart(ONNXRUNTIME, partsFolder, partsCache);

export const fetchOnnxruntime = (part: NpmPart, told: FetchReport): Promise<string> =>
  fetchPart(part, { ...told, trim: removeOtherMachines });

type OnnxruntimeFound = { readonly version: string; readonly isHere: boolean };

/** Returns which onnxruntime networks run on, and whether it is on this machine yet; undefined if it cannot be had. */
export function findOnnxruntime(config: LocalConfig): OnnxruntimeFound | undefined {
  const beside = onnxruntimeBeside();
  if (beside) return { version: beside.version, isHere: true };
  const part = onnxruntimePart(config);
  return part && { version: part.version, isHere: isFetched(part) };
}

/** The package holds the libraries of every system; four fifths of it are for others. */
async function removeOtherMachines(folder: string): Promise<void> {
  const libraries = join(folder, 'bin');
  for (const interfaces of await readdir(libraries)) {
    for (const system of await readdir(join(libraries, interfaces))) {
      for (const processor of await readdir(join(libraries, interfaces, system))) {
        if (system === platform() && processor === arch()) continue;
        await rm(join(libraries, interfaces, system, processor), { recursive: true });
      }
    }
  }
}
