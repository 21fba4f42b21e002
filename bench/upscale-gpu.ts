import { readFile } from 'node:fs/promises';
import { ServiceError } from '../core/errors.ts';
import { frameBytes } from '../core/film/raw-formats.ts';
import { formatUsd } from '../core/format.ts';
import { listedPrices } from '../core/storage/list-prices.ts';
import type { Device } from '../core/upscale/enlargement.ts';
import { UPSCALE_MODELS, type UpscaleModel } from '../core/upscale/models.ts';
import { askGpu } from '../media/onnx/ask-gpu.ts';
import { decodeModel } from '../media/onnx/model-file.ts';
import { tryDevice } from '../media/onnx/try-device.ts';
import { openUpscaler } from '../media/onnx/upscaler.ts';
import { cpuWindowPixels, gpuPictures, gpuWindowPixels } from '../media/onnx/window-pixels.ts';
import { PLAIN_1080P } from './clips.ts';
import type { Measurement, ResultRow } from './measurement.ts';
import { type FrameShape, fpsAlone, streamedFps } from './upscale.ts';

/** The size of the films before they are enlarged. */
const SOURCE: FrameShape = { width: 960, height: 540, pixelFormat: 'yuv420p' };
const SECONDS = 60;
const SOURCE_RATE = 25;

/** Measures super-resolution on a graphics card, where there is one. */
export const upscaleGpu: Measurement = {
  name: 'upscale-gpu',
  about: `Super-resolution of ${SOURCE.width}x${SOURCE.height} on a graphics card between two ffmpegs (decoding H.264, encoding nothing): frames a second for each model, as a ratio to the model's own file in the same provider with RGB frames in memory; and the cost of a minute of source on the instance with that card (${SOURCE_RATE} frames a second, us-east-1, on demand, the instance alone).`,
  async measure({ quick }) {
    // tries the code on a machine without a card
    const rows = quick ? await measureDevice('cpu', 4, UPSCALE_MODELS.slice(0, 1)) : [];
    for (const device of ['cuda', 'tensorrt'] as const) {
      const refused = await tryDevice(device).catch((error: unknown) => error);
      rows.push(
        ...(refused ? [notRun(device, refused)] : await measureDevice(device, quick ? 8 : 300, UPSCALE_MODELS)),
      );
    }
    return rows;
  },
};

const GOAL = 'at least 0.85 of the provider alone';

function notRun(device: Device, error: unknown): ResultRow {
  if (!(error instanceof ServiceError)) throw error;
  return { what: device, goal: GOAL, found: `not run: ${error.message.split('\n')[0]?.slice(0, 160)}` };
}

async function measureDevice(device: Device, frames: number, models: readonly UpscaleModel[]): Promise<ResultRow[]> {
  const gpu = device === 'cpu' ? undefined : await askGpu();
  const machine = await machineWith(gpu?.name ?? '');
  const rows: ResultRow[] = [];
  for (const model of models) {
    const alone = await fpsAlone(model, frames, { ...SOURCE, device });
    const streamed = await streamedFpsOf(model, { device, frames, freeBytes: gpu?.freeBytes });
    const ratio = streamed / alone;
    const hours = (SECONDS * SOURCE_RATE) / streamed / 3600;
    const cost = machine
      ? `${formatUsd(hours * machine.usd)} a source minute on ${machine.name}`
      : `no price: no instance of the queue has a ${gpu?.name ?? 'card of no name'}`;
    rows.push({
      what: `${model.id}, ${device} on ${gpu?.name ?? 'no card'}`,
      goal: GOAL,
      found: `${streamed.toFixed(1)} fps, ${ratio.toFixed(2)} of the provider alone; ${cost}`,
      met: ratio >= 0.85,
    });
  }
  return rows;
}

/** The instances that the GPU queue may start (resources/batch-gpu.yml), by the names that drivers give their cards. */
const INSTANCES = { t4: 'g4dn.xlarge', a10g: 'g5.xlarge', l4: 'g6.xlarge' } as const;

async function machineWith(card: string) {
  const words = card.toLowerCase().split(/\W+/);
  const [, name] = Object.entries(INSTANCES).find(([each]) => words.includes(each)) ?? [];
  const usd = name && listedPrices().usd(name);
  return usd ? { name, usd } : undefined;
}

type DeviceWork = { readonly device: Device; readonly frames: number; readonly freeBytes: number | undefined };

async function streamedFpsOf(model: UpscaleModel, { device, frames, freeBytes }: DeviceWork): Promise<number> {
  if (model.location.in !== 'repository') throw new Error(`${model.id} is not in the repository`);
  const file = await readFile(model.location.path);
  const onCard = {
    mostPixels: gpuWindowPixels(freeBytes, decodeModel(file, model.id).graph),
    mostPictures: gpuPictures(frameBytes(SOURCE.pixelFormat, SOURCE.width, SOURCE.height) * (1 + model.scale ** 2)),
    asBytes: device === 'tensorrt',
  };
  const room = device === 'cpu' ? { mostPixels: cpuWindowPixels(SOURCE) } : onCard;
  const shape = { ...SOURCE, colour: PLAIN_1080P.colour };
  const upscaler = await openUpscaler({ model, file, frames: shape, device, threads: 2, ...room });
  try {
    return await streamedFps(SOURCE, frames, upscaler);
  } finally {
    await upscaler.close();
  }
}
