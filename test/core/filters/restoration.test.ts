import { describe, expect, it } from '@jest/globals';
import type { Deinterlacing } from '../../../core/filters/deinterlacing.ts';
import { restoredPicture } from '../../../core/filters/restoration.ts';
import { upscale } from '../../../core/recipes/upscale.ts';
import { resolveSettings } from '../../../core/settings/settings.ts';
import { aVideo } from '../../fixtures/probes.ts';

const dvd = aVideo({ width: 720, height: 576, sar: { num: 64, den: 45 } });
const found = { width: 720, height: 432, left: 0, top: 72 };

type Row = {
  asked: Record<string, string>;
  fields?: Deinterlacing;
  gives: string[];
  picture: string;
  margin: number;
};

describe('the restoration chain', () => {
  it.each([
    { asked: {}, gives: [], picture: '720x576', margin: 0 },
    {
      asked: {},
      fields: { pictures: 2, first: 'tff', ticks: { num: 1, den: 50 } },
      gives: ['bwdif=mode=send_field:parity=tff:deint=all'],
      picture: '720x576',
      margin: 4,
    },
    {
      asked: {},
      fields: { pictures: 1 },
      gives: ['bwdif=mode=send_frame:parity=auto:deint=all'],
      picture: '720x576',
      margin: 2,
    },
    { asked: { crop: 'auto' }, gives: ['crop=720:432:0:72'], picture: '720x432', margin: 0 },
    { asked: { crop: '700:420:10:80' }, gives: ['crop=700:420:10:80'], picture: '700x420', margin: 0 },
    { asked: { denoise: 'light' }, gives: ['atadenoise=s=5'], picture: '720x576', margin: 2 },
    {
      asked: { desqueeze: 'true' },
      gives: ['zscale=w=1024:h=576:filter=lanczos', 'setsar=1/1'],
      picture: '1024x576',
      margin: 0,
    },
    {
      asked: { colour: 'bt709' },
      gives: ['zscale=min=470bg:pin=470bg:tin=601:m=709:p=709:t=709:f=bicubic:d=none'],
      picture: '720x576',
      margin: 0,
    },
    {
      asked: { crop: 'auto', desqueeze: 'true', denoise: 'strong', colour: 'bt709' },
      fields: { pictures: 1 },
      gives: ['bwdif', 'crop', 'zscale', 'zscale', 'setsar', 'atadenoise'],
      picture: '1024x432',
      margin: 6,
    },
  ] satisfies Row[])('$asked (fields: $fields) is $gives', ({ asked, fields, gives, picture, margin }: Row) => {
    const settings = resolveSettings(upscale, asked);
    const chain = restoredPicture(dvd, { settings, deinterlacing: fields, crop: found });
    expect(chain.filters).toHaveLength(gives.length);
    for (const [i, filter] of gives.entries()) expect(chain.filters[i]).toContain(filter);
    expect([`${chain.width}x${chain.height}`, chain.margin]).toEqual([picture, margin]);
  });

  it('flags the colour that it makes', () => {
    const { colour } = restoredPicture(dvd, { settings: { colour: 'bt709' } });
    expect(colour).toMatchObject({ matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' });
  });

  it('leaves BT.709 as it is', () => {
    const hd = aVideo({ colour: { ...aVideo().colour, matrix: 'bt709' } });
    expect(restoredPicture(hd, { settings: { colour: 'bt709' } }).filters).toEqual([]);
  });

  it.each([
    { settings: { crop: { width: 720, height: 400, left: 0, top: 200 } }, says: 'reaches outside of the picture' },
    { settings: { colour: 'bt709' }, matrix: 'bt2020nc', says: 'colour=bt709 is for BT.601' },
  ] as const)('refuses $settings where they are impossible', ({ settings, says, ...rest }) => {
    const colour = { ...dvd.colour, ...('matrix' in rest && { matrix: rest.matrix }) };
    const ask = () => restoredPicture({ ...dvd, colour }, { settings });
    expect(ask).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringContaining(says) }));
  });

  it.each(['0:0:0:0', '10:10:1:0', '10:10', 'bars', '11:10:0:0'])('refuses crop=%s', (crop) => {
    expect(() => resolveSettings(upscale, { crop })).toThrow('it takes none|auto|W:H:X:Y, even');
  });
});
