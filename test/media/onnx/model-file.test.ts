import { describe, expect, it } from '@jest/globals';
import { decodeModel, encodeModel } from '../../../media/onnx/model-file.ts';
import { linear, made } from './networks.ts';

describe('the file of a model', () => {
  it('is decoded once for all who hold its bytes, and anew for the same bytes elsewhere', () => {
    const { file } = made(linear);
    const decoded = decodeModel(file, 'a');
    expect(decodeModel(file, 'b')).toBe(decoded);
    const copy = decodeModel(Uint8Array.from(file), 'c');
    expect(copy).not.toBe(decoded);
    expect(encodeModel(copy)).toEqual(encodeModel(decoded));
  });

  it('is asked again whether it is a model each time that it is none', () => {
    const notes = Buffer.from('these are notes');
    for (const name of ['one.onnx', 'other.onnx'])
      expect(() => decodeModel(notes, name)).toThrow(`${name} is not an ONNX model`);
  });
});
