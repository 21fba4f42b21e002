import { count } from '../../../core/report/quality-words.ts';
import type { JobsAnswer } from '../api/answers.ts';
import { type JobFilter, SORTS, STATES } from './job-filter.ts';

type Props = {
  readonly filter: JobFilter;
  readonly recipes: readonly string[];
  readonly totals: JobsAnswer['totals'] | undefined;
  onFilter(filter: JobFilter): void;
};

/** Finds films among many. What is chosen stands in the address, and so survives a reload. */
export function Filters({ filter, recipes, totals, onFilter }: Props) {
  const known = recipes.includes(filter.recipe) || filter.recipe === '' ? recipes : [filter.recipe, ...recipes];
  return (
    <search class="filters">
      <label class="find">
        Find
        <input
          type="search"
          value={filter.text}
          maxLength={200}
          placeholder="a part of a name"
          onInput={({ currentTarget }) => onFilter({ ...filter, text: currentTarget.value })}
        />
      </label>
      <label>
        State
        <select
          value={filter.state}
          onChange={({ currentTarget }) => onFilter({ ...filter, state: currentTarget.value })}
        >
          {STATES.map(([value, says]) => (
            <option key={value} value={value}>
              {says}
            </option>
          ))}
        </select>
      </label>
      <label>
        Recipe
        <select
          value={filter.recipe}
          onChange={({ currentTarget }) => onFilter({ ...filter, recipe: currentTarget.value })}
        >
          <option value="">all</option>
          {known.map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </label>
      <label>
        Order
        <select
          value={filter.sort}
          onChange={({ currentTarget }) => {
            const sort = SORTS.find(([value]) => value === currentTarget.value)?.[0] ?? 'newest';
            onFilter({ ...filter, sort });
          }}
        >
          {SORTS.map(([value, says]) => (
            <option key={value} value={value}>
              {says}
            </option>
          ))}
        </select>
      </label>
      <p class="visually-hidden" role="status">
        {totals ? `${count(totals.jobs, 'film')} found` : ''}
      </p>
    </search>
  );
}
