import { describe, expect, it } from '@jest/globals';
import { soundLayer } from '../../../core/streams/sound-layer.ts';

describe('samples that are laid by their times', () => {
  const RATE = 1000;

  it('lie one behind the other where their times only waver', () => {
    const layer = soundLayer(RATE, []);
    const laid = [0, 0.11, 0.19, 0.3].map((seconds) => layer.add(5 + seconds, 100));
    expect(laid).toEqual([0, 100, 200, 300].map((at) => ({ at, skip: 0 })));
  });

  it('leave a gap where there are none', () => {
    const layer = soundLayer(RATE, []);
    layer.add(0, 100);
    expect(layer.add(0.5, 100)).toEqual({ at: 500, skip: 0 });
    expect(layer.add(0.6, 100)).toEqual({ at: 600, skip: 0 });
  });

  it('are left out where others lie already, whole blocks too', () => {
    const layer = soundLayer(RATE, []);
    layer.add(0, 200);
    expect(layer.add(0.05, 100)).toEqual({ at: 200, skip: 100 });
    expect(layer.add(0.18, 100)).toEqual({ at: 200, skip: 20 });
    expect(layer.add(0.28, 100)).toEqual({ at: 280, skip: 0 });
  });

  it('begin at their own time where another stream begins, however little that differs, and stay together behind it', () => {
    const layer = soundLayer(RATE, [0, 0.39]);
    layer.add(0, 200);
    layer.add(0.2, 192);
    expect(layer.add(0.392, 8)).toEqual({ at: 392, skip: 0 });
    expect(layer.add(0.39, 100)).toEqual({ at: 400, skip: 10 });
    expect(layer.add(0.5, 100)).toEqual({ at: 490, skip: 0 });
    expect(layer.add(0.57, 100)).toEqual({ at: 590, skip: 0 });
  });

  it('are not moved by a first block that is too long for its rate', () => {
    const layer = soundLayer(RATE, [0, 1]);
    layer.add(0, 36);
    expect(layer.add(0.024, 24)).toEqual({ at: 36, skip: 12 });
    expect(layer.add(0.048, 24)).toEqual({ at: 48, skip: 0 });
  });
});
