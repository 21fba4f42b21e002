import { ServiceError } from '../../core/errors.ts';
import { check } from '../../core/job/check-list.ts';
import type { Check } from '../../core/job/manifest.ts';
import { moveCheck, reachCheck, repeatCheck, TILE_CHECKS } from './contract-cutting.ts';
import { colourCheck, orderCheck, placeCheck } from './contract-looks.ts';
import type { ContractInput } from './contract-run.ts';
import { decodeModel } from './model-file.ts';
import { type TileRule, tileRule } from './receptive-field.ts';
import { withCutting } from './tiles.ts';

/**
 * What any model must pass to be listed: its scale and type, windows that fit together bit for bit, nothing seen beyond its
 * halo, a picture that moves with the source and stays in its place, and colours that stay what they are. Of one that sees
 * the whole picture, instead of windows, the same bytes each time; of one that takes several frames, their order, too.
 * After a check that cannot be made there are no further ones.
 */
export async function modelContract(input: ContractInput): Promise<readonly Check[]> {
  const { model } = input;
  const checks: Check[] = [];
  try {
    const rule = networkRule(input);
    const declared = `${rule.halo} px, multiples of ${rule.align}; listed: ${model.halo} px`;
    if (!model.cut) checks.push(check('halo', rule.halo === model.halo, declared));
    const cutting = Number.isFinite(rule.halo) ? [...TILE_CHECKS, reachCheck, moveCheck] : [repeatCheck];
    const order = model.frames ? [orderCheck(model.frames.window)] : [];
    for (const make of [...cutting, ...order, placeCheck, colourCheck]) checks.push(await make(input, rule));
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    checks.push(check('shape', false, error.message));
  }
  return checks;
}

/** How far the network itself sees. Throws `bad-input` where nothing bounds that, and it does not say so itself. */
export function networkRule({ model, file }: Pick<ContractInput, 'model' | 'file'>): TileRule {
  const { network, id, cut } = model;
  const { graph } = decodeModel(file, id);
  if (cut) return withCutting({ halo: 0, align: 1 }, cut);
  return tileRule(graph, { [network.from]: { down: 1, across: 1 } }, [network.to]);
}
