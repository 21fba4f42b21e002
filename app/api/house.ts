import { houseSchema } from '../../core/api/people-schemas.ts';
import type { AnswerOf, BodyRead } from '../../core/api/routes.ts';
import { usage } from '../../core/errors.ts';
import type { ApiPorts } from './api-ports.ts';
import { readDocument, writeDocument } from './documents.ts';

const KEY = 'house.json';
const USUAL = { autoplay: true, defaultPlaylist: null, defaultRecipe: 'preserve' } as const;

/** Returns the settings of the house; the usual ones where nobody has changed them. */
export const showHouse = async ({ house }: Pick<ApiPorts, 'house'>): Promise<AnswerOf<'house'>> =>
  (await readDocument(KEY, houseSchema, house)) ?? USUAL;

/** Keeps the settings of the house. Throws `usage` for a recipe that does not exist. */
export async function putHouse(settings: BodyRead<'putHouse'>, ports: ApiPorts): Promise<AnswerOf<'putHouse'>> {
  const { recipes, mixes } = await ports.menu();
  const ids = [...recipes.map(({ id }) => id), ...mixes.keys()];
  if (!ids.includes(settings.defaultRecipe))
    throw usage(`no recipe "${settings.defaultRecipe}"; there are: ${ids.join(', ')}`);
  await writeDocument(KEY, settings, ports.house);
  return settings;
}
