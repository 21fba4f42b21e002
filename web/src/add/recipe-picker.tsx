import type { RecipesAnswer } from '../api/answers.ts';
import { sentence } from '../ui/sentence.ts';

type Props = { readonly recipes: RecipesAnswer; readonly chosen: string; onChoose(recipe: string): void };

/** Every recipe with what it makes, of which one is chosen for all films. */
export const RecipePicker = ({ recipes: { recipes, mixes }, chosen, onChoose }: Props) => (
  <fieldset class="recipes">
    <legend>What shall become of them?</legend>
    {[
      ...recipes.map(({ id, summary }) => ({ id, says: summary })),
      ...mixes.map(({ id, recipes: of }) => ({ id, says: `All at once: ${of.join(', ')}.` })),
    ].map(({ id, says }) => (
      <label key={id} class="recipe-choice">
        <input type="radio" name="recipe" value={id} checked={id === chosen} onChange={() => onChoose(id)} />
        <span class="recipe-name">{id}</span>
        <span class="soft">{sentence(says)}</span>
      </label>
    ))}
  </fieldset>
);
