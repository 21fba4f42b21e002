import { expect, it } from '@jest/globals';
import { packingOfVexu, sphericalOfVexu } from '../../../core/film/spatial-boxes.ts';
import { box, u8, u32 } from '../../fixtures/craft.ts';

const word = (name: string, text: string) => box(name, u32(0), Buffer.from(text, 'latin1'));
const vexu = ({ projection = 'rect', packing = '', eyes = 3 }) =>
  box(
    'vexu',
    box('eyes', box('stri', u32(0), u8(eyes))),
    box('proj', word('prji', projection)),
    ...(packing ? [box('pack', word('pkin', packing))] : []),
  );
/** What lies beyond the edges at top, bottom, left and right. */
const edgesOf = (sv3d: Buffer | undefined) =>
  sv3d && [0, 1, 2, 3].map((i) => sv3d.readUInt32BE(sv3d.indexOf('equi') + 8 + 4 * i));

it.each([
  ['side', 3, 'side by side', 2],
  ['side', 11, 'side by side, right eye first', 4],
  ['over', 3, 'top and bottom', 1],
  ['over', 11, 'top and bottom, right eye first', undefined],
  ['', 3, undefined, undefined],
])('two eyes that lie "%s" by %i are told so', (packing, eyes, told, mode) => {
  const bytes = vexu({ packing, eyes });
  expect(packingOfVexu(bytes)).toBe(told);
  expect(sphericalOfVexu(bytes)?.st3d?.at(-1)).toBe(mode);
});

it.each([
  ['equi', [0, 0, 0, 0]],
  ['hequ', [0, 0, 0x40000000, 0x40000000]],
  ['fish', undefined],
  ['rect', undefined],
])('the projection "%s" is told as a sphere where it is one', (projection, edges) => {
  expect(edgesOf(sphericalOfVexu(vexu({ projection }))?.sv3d)).toEqual(edges);
});

it('what is no such box says nothing', () => {
  expect(sphericalOfVexu(Buffer.from('0000000876657875', 'hex'))).toBeUndefined();
  expect(packingOfVexu(box('vexu', box('pack', Buffer.alloc(2))))).toBeUndefined();
});
