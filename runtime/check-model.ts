import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ServiceError, usage } from '../core/errors.ts';
import type { Check } from '../core/job/manifest.ts';
import type { Device } from '../core/upscale/enlargement.ts';
import type { UpscaleModel } from '../core/upscale/models.ts';
import { cuttingOf, type ModelCard, modelCard, temporalWindowOf } from '../media/onnx/model-card.ts';
import { modelContract, networkRule } from '../media/onnx/model-contract.ts';
import { decodeModel } from '../media/onnx/model-file.ts';
import { localConfig } from './config.ts';
import { refuseTelemetry } from './library-settings.ts';
import { type FetchReport, localOnnxruntime } from './local-onnxruntime.ts';
import { cores } from './local-ports.ts';

/** A model file to check. Properties that are given here override those in the file's metadata. */
type Candidate = ModelCard & { readonly path: string; readonly device: Device };

type CheckedModel = { readonly model: UpscaleModel; readonly checks: readonly Check[] };

/**
 * Checks a model's file, and returns the results and the entry that core/upscale/models.ts would have for it. Throws
 * `no-input`, `bad-input`, and `usage` if neither options nor the file give the scale.
 */
export async function checkModel({ path, device, ...said }: Candidate, told: FetchReport): Promise<CheckedModel> {
  const file = await readFile(path).catch((cause: unknown) => {
    throw new ServiceError('no-input', `${path} does not exist or cannot be read`, {}, { cause });
  });
  const id = basename(path).replace(/\.onnx$/, '');
  const asked = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  const card: ModelCard = { ...modelCard(decodeModel(file, id)), ...asked };
  const { scale, from = 'rgb', to = 'enlarged', white = 1 } = card;
  const [cut, frames] = [cuttingOf(card), temporalWindowOf(card)];
  if (scale === undefined) throw usage(`${path} does not say its scale; give --scale 2, 3 or 4`);
  const unmeasured = {
    id,
    version: '1',
    summary: '',
    scale,
    range: { black: 0, white },
    network: { from, to },
    licence: '',
    halo: 0,
    speed: 0,
    bytes: file.length,
    sha256: createHash('sha256').update(file).digest('hex'),
    ...(cut && { cut }),
    ...(frames && { frames }),
    location: { in: 'repository', path: `models/converted/${id}.onnx` },
    madeFrom: { package: '', integrity: '', format: 'ncnn', files: [] },
  } as const;
  const model = cut ? unmeasured : { ...unmeasured, halo: networkRule({ model: unmeasured, file }).halo };
  const onnxruntime = localOnnxruntime(localConfig(), told);
  refuseTelemetry();
  return { model, checks: await modelContract({ model, file, device, threads: cores(), onnxruntime }) };
}
