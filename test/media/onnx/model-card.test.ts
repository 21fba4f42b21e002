import { describe, expect, it } from '@jest/globals';
import { cuttingOf, modelCard, temporalWindowOf } from '../../../media/onnx/model-card.ts';
import { ENLARGED, RGB, resize, rgbModel } from '../../../media/onnx/rgb-model.ts';

const repeatingModel = rgbModel('test', resize(RGB, ENLARGED, [2, 2], {}));

const cardOf = (said: Readonly<Record<string, string>>) =>
  modelCard({ ...repeatingModel, metadataProps: Object.entries(said).map(([key, value]) => ({ key, value })) });

describe("a model's card", () => {
  it('is read from its metadata', () => {
    const card = cardOf({
      ...{ 'reelmill.scale': '4', 'reelmill.from': 'input', 'reelmill.to': 'output', 'reelmill.white': '255' },
      ...{ 'reelmill.halo': 'whole', 'reelmill.align': '32', 'reelmill.frames': '14', 'reelmill.overlap': '2' },
      author: 'somebody',
    });
    expect(card).toEqual({
      ...{ scale: 4, from: 'input', to: 'output', white: 255 },
      ...{ halo: 'whole', align: 32, frames: 14, overlap: 2 },
    });
    expect([cuttingOf(card), temporalWindowOf(card)]).toEqual([
      { halo: 'whole', align: 32 },
      { window: 14, overlap: 2 },
    ]);
  });

  it('is empty without metadata', () => {
    expect(modelCard(repeatingModel)).toEqual({});
    expect(cardOf({ author: 'somebody' })).toEqual({});
  });

  it('is refused where the overlap of windows leaves no frame', () => {
    expect(() => temporalWindowOf({ frames: 4, overlap: 2 })).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it.each([
    { key: 'scale', value: 'four' },
    { key: 'halo', value: '-3' },
    { key: 'align', value: '8 px' },
    { key: 'frames', value: '99999999' },
    { key: 'from', value: '' },
  ])('is refused with $key "$value"', ({ key, value }) => {
    expect(() => cardOf({ [`reelmill.${key}`]: value })).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(`reelmill.${key} is "${value}"`) }),
    );
  });
});
