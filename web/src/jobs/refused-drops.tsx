import type { JobsAnswer } from '../api/answers.ts';
import { fileName, folderOf } from '../paths.ts';
import { sentence } from '../ui/sentence.ts';

type RefusedDrop = NonNullable<JobsAnswer['refused']>[number];

/** As many are shown above the films; the others are folded away. */
const SHOWN = 5;

/** The drops of which no job could be made, and why; nothing where there are none. They have no page of their own. */
export const RefusedDrops = ({ drops }: { readonly drops: readonly RefusedDrop[] }) =>
  drops.length === 0 ? null : (
    <section class="card refused" aria-labelledby="refused">
      <h2 id="refused">Not taken</h2>
      <DropList drops={drops.slice(0, SHOWN)} />
      {drops.length > SHOWN ? (
        <details>
          <summary>{drops.length - SHOWN} more</summary>
          <DropList drops={drops.slice(SHOWN)} />
        </details>
      ) : undefined}
    </section>
  );

const DropList = ({ drops }: { readonly drops: readonly RefusedDrop[] }) => (
  <ul>
    {drops.map(({ recipe, name, reason, advice }) => (
      <li key={`${recipe}/${name}`}>
        <strong>
          <bdi>{fileName(name)}</bdi>
        </strong>{' '}
        <span class="soft">
          {recipe}
          {folderOf(name) === '' ? undefined : (
            <>
              {' · '}
              <bdi>{folderOf(name)}</bdi>
            </>
          )}
        </span>
        <p class="why">{sentence(reason)}</p>
        {advice === undefined ? undefined : <p class="soft">{sentence(advice)}</p>}
      </li>
    ))}
  </ul>
);
