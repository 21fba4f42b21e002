import { frameBytes, RAW_FORMATS } from '../../core/film/raw-formats.ts';
import { type FrameShape, planesOf } from './windows.ts';

/** A frame whose samples are computed by a function of the plane's index (0 to 2) and the position in that plane. */
export function frameOf(shape: FrameShape, sample: (plane: number, x: number, y: number) => number): Uint8Array {
  const bytes = new Uint8Array(frameBytes(shape.pixelFormat, shape.width, shape.height));
  for (const [index, plane] of planesOf(bytes, shape).entries()) {
    for (let y = 0; y < plane.height; y++) {
      for (let x = 0; x < plane.width; x++) plane.data[y * plane.width + x] = Math.round(sample(index, x, y));
    }
  }
  return bytes;
}

/** A test picture of waves, edges and grain, equal on every call. */
export function testPicture(shape: FrameShape): Uint8Array {
  const top = 2 ** RAW_FORMATS[shape.pixelFormat].depth - 1;
  return frameOf(shape, (plane, x, y) => {
    const waves = 0.5 + 0.2 * Math.sin(x / 3 + plane) + 0.15 * Math.cos((y - x) / 5);
    const edge = (Math.floor(x / 11) + Math.floor(y / 7)) % 2 === 0 ? 0.1 : -0.1;
    const grain = ((Math.imul(x * 7919 + y * 104_729 + plane * 31, 2_654_435_761) >>> 16) & 255) / 255 - 0.5;
    return Math.min(top, Math.max(0, top * (waves + edge + grain * 0.08)));
  });
}
