import { ENLARGED, RGB, rgbModel } from '../../core/upscale/convert/rgb-model.ts';
import type { Device } from '../../core/upscale/enlargement.ts';
import { node } from '../../core/upscale/onnx-model.ts';
import { encodeModel } from './model-file.ts';
import { openSession } from './ort-session.ts';

/** Opens a network that does nothing. Throws `missing-tool` where the device is not to be had. */
export async function tryDevice(device: Device): Promise<void> {
  const nothing = rgbModel('nothing', { nodes: [node('Identity', [RGB], ENLARGED)], constants: [] });
  const session = await openSession(encodeModel(nothing), { device, threads: 1 });
  await session.close();
}
