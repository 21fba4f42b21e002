import { formatBytes, formatSeconds } from '../../../core/format.ts';
import type { RecipesAnswer } from '../api/answers.ts';
import { Icon } from '../ui/icon.tsx';
import type { StagedFilm } from './staged.ts';
import type { Estimate } from './use-estimates.ts';

type Props = {
  readonly films: readonly StagedFilm[];
  readonly recipes: RecipesAnswer;
  readonly estimates: ReadonlyMap<string, Estimate>;
  onRecipe(id: string, recipe: string | undefined): void;
  onRemove(id: string): void;
};

/** The films that were chosen, each with its recipe and what it will become. */
export const StagedTable = ({ films, recipes, estimates, onRecipe, onRemove }: Props) => (
  <table class="staged">
    <thead>
      <tr>
        <th scope="col">Film</th>
        <th scope="col">Recipe</th>
        <th scope="col">What it will take</th>
        <th scope="col">
          <span class="visually-hidden">Leave out</span>
        </th>
      </tr>
    </thead>
    <tbody>
      {films.map(({ id, path, file, recipe }) => (
        <tr key={id}>
          <th scope="row">
            <bdi>{path}</bdi>
            <span class="facts">{formatBytes(file.size)}</span>
          </th>
          <td>
            <select
              aria-label={`Recipe of ${path}`}
              value={recipe ?? ''}
              onChange={({ currentTarget }) => onRecipe(id, currentTarget.value || undefined)}
            >
              <option value="">as for all</option>
              {[...recipes.recipes, ...recipes.mixes].map(({ id: each }) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </td>
          <td class="figures">
            <EstimateCell estimate={estimates.get(id)} />
          </td>
          <td>
            <button type="button" class="icon-button" aria-label={`Leave ${path} out`} onClick={() => onRemove(id)}>
              <Icon name="cancel" />
            </button>
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

function EstimateCell({ estimate = { status: 'asked' } }: { readonly estimate: Estimate | undefined }) {
  switch (estimate.status) {
    case 'asked':
      return <span class="soft">reading…</span>;
    case 'along':
      return <span class="soft">goes along with its film</span>;
    case 'unreadable':
      return <span class="soft">is told when it has arrived</span>;
    case 'refused':
      return <span class="why">{estimate.reason}</span>;
    case 'known': {
      const { seconds, outputBytes } = estimate.plan.total;
      const { isRateAssumed, width, height, seconds: length } = estimate.facts;
      return (
        <>
          {seconds < 1 ? 'under a second' : `about ${formatSeconds(seconds)}`}, then {formatBytes(outputBytes)}
          <span class="facts">
            {width}×{height}, {formatSeconds(length)}
            {isRateAssumed ? ', if it has 25 pictures a second' : ''}
          </span>
        </>
      );
    }
    default:
      return estimate satisfies never;
  }
}
