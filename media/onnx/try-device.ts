import type { Device } from '../../core/upscale/enlargement.ts';
import { encodeModel } from './model-file.ts';
import { node } from './onnx-model.ts';
import { openSession } from './ort-session.ts';
import { ENLARGED, RGB, rgbModel } from './rgb-model.ts';

/**
 * Opens a network that only copies its input, to try a device. Throws `missing-tool` where the device is not available.
 */
export async function tryDevice(device: Device): Promise<void> {
  const nothing = rgbModel('nothing', { nodes: [node('Identity', [RGB], ENLARGED)], constants: [] });
  const session = await openSession(encodeModel(nothing), { device, threads: 1 });
  await session.close();
}
