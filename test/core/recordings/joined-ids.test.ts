import { describe, expect, it } from '@jest/globals';
import { idJoints, idsTold } from '../../../core/recordings/joined-ids.ts';

const [E0, E1, AC3, OTHER_AC3, THIRD_AC3] = [0xe0, 0xe1, 0xbd80, 0xbd81, 0xbd82];
const likes: Readonly<Record<number, string>> = { [E0]: 'MPEG-2', [E1]: 'MPEG-2' };

/** Recordings one after the other: the identifiers in each. */
function follow(...recordings: readonly (readonly number[])[]) {
  const joints = idJoints();
  recordings.forEach((ids, i) => {
    joints.addPack(0, 1000 * i);
    for (const id of ids) joints.addPacket(id, () => likes[id] ?? 'AC-3');
    joints.addPack(90_000, 1000 * i + 500);
    for (const id of ids) joints.addPacket(id, () => undefined);
  });
  return joints.found();
}

describe('identifiers of joined recordings', () => {
  it('lead to those of the first one, however often they change', () => {
    const found = follow([E0, AC3], [E1, OTHER_AC3], [E0, THIRD_AC3]);
    expect(found?.map(({ fromByte, pids }) => [fromByte, [...pids]])).toEqual([
      [0, []],
      [
        1000,
        [
          [E1, E0],
          [OTHER_AC3, AC3],
        ],
      ],
      [2000, [[THIRD_AC3, AC3]]],
    ]);
    expect(idsTold(found ?? [])).toContain('0xe1 as 0xe0, 0xbd/0x81 as 0xbd/0x80, 0xbd/0x82 as 0xbd/0x80');
  });

  it.each([
    { what: 'there is one recording', recordings: [[E0, AC3]] },
    {
      what: 'they stay',
      recordings: [
        [E0, AC3],
        [E0, AC3],
      ],
    },
    {
      what: 'two sounds are alike',
      recordings: [
        [E0, AC3, OTHER_AC3],
        [E0, AC3, THIRD_AC3],
      ],
    },
    { what: 'a stream is added', recordings: [[E0], [E0, AC3]] },
    {
      what: 'a stream goes on beside another',
      recordings: [
        [E0, AC3],
        [E0, AC3, OTHER_AC3],
      ],
    },
  ])('are left as they are where $what', ({ recordings }) => expect(follow(...recordings)).toBeUndefined());
});
