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
 * The checks that a model must pass to be listed: it has the declared scale and type, its windows fit together bit for
 * bit, no result depends on pixels beyond the halo, a moved source gives a moved result that is otherwise in its place,
 * and colours stay. A model that needs the whole picture must instead give the same bytes each time, and a model of
 * several frames must keep their order, too. A check that cannot run ends the list.
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

/**
 * The tiling rule of the network alone. Throws `bad-input` where the graph has no bounded receptive field and the model
 * declares none.
 */
export function networkRule({ model, file }: Pick<ContractInput, 'model' | 'file'>): TileRule {
  const { network, id, cut } = model;
  const { graph } = decodeModel(file, id);
  if (cut) return withCutting({ halo: 0, align: 1 }, cut);
  return tileRule(graph, { [network.from]: { down: 1, across: 1 } }, [network.to]);
}
