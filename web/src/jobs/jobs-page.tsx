import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { DropZone } from '../add/drop-zone.tsx';
import { reasonOf } from '../api/refused.ts';
import { ADD, FILMS, replaceQuery } from '../route.ts';
import { useSurroundings } from '../surroundings.ts';
import { Loading, Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';
import { useStore } from '../ui/use-store.ts';
import { Filters } from './filters.tsx';
import { filterOf, queryOf } from './job-filter.ts';
import { type JobList, jobList } from './job-list.ts';
import { JobRow } from './job-row.tsx';
import { RefusedDrops } from './refused-drops.tsx';
import { SortedAmong, Totals } from './totals.tsx';
import { VirtualList } from './virtual-list.tsx';

/** In pixels, as style/jobs.css has it. */
const ROW = { wide: 76, narrow: 128 };

/** All jobs of the person, or of the stage for its operators. */
export function JobsPage({ query }: { readonly query: URLSearchParams }) {
  const { call, live } = useSurroundings();
  const address = query.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(address)), [address]);
  const before = useRef<JobList>(undefined);
  const list = useMemo(() => {
    before.current = jobList(filter, call, before.current?.shown());
    return before.current;
  }, [filter, call]);
  const [recipes, setRecipes] = useState<readonly string[]>([]);
  useStore(list);
  useEffect(() => {
    void list.more();
    const end = live.onChange(() => void list.refresh());
    return () => {
      end();
      list.close();
    };
  }, [list, live]);
  const surroundings = useSurroundings();
  useEffect(() => {
    const named = ({ recipes: all, mixes }: Awaited<ReturnType<typeof surroundings.recipes>>) =>
      setRecipes([...all, ...mixes].map(({ id }) => id));
    surroundings.recipes().then(named, () => undefined); // the list is there without the names of recipes
  }, [surroundings]);

  const { jobs, totals, refused = [], amongNewest, hasMore, failure } = list.shown();
  const isEverything = address === '';
  if (failure && jobs.length === 0) {
    return (
      <Notice isAlone kind="bad" title="The films cannot be listed">
        <p>{sentence(reasonOf(failure))}</p>
        <button type="button" onClick={() => void list.more()}>
          Try again
        </button>
      </Notice>
    );
  }
  if (totals && isEverything && totals.jobs === 0 && refused.length === 0) return <NoFilms />;
  return (
    <>
      <header class="page-head">
        <h1>Films</h1>
        <a class="button" href={ADD}>
          Add films
        </a>
      </header>
      {totals ? <Totals totals={totals} /> : undefined}
      <Filters filter={filter} recipes={recipes} totals={totals} onFilter={(to) => replaceQuery(queryOf(to))} />
      <RefusedDrops drops={refused} />
      <SortedAmong amongNewest={amongNewest} />
      {totals ? undefined : <Loading what="Films" />}
      {totals && jobs.length === 0 && refused.length === 0 ? (
        <div class="empty card">
          <p>No film is like that.</p>
          <a href={FILMS}>Show all films</a>
        </div>
      ) : (
        <VirtualList
          label="Films"
          count={jobs.length}
          rowHeight={ROW}
          hasMore={hasMore}
          row={(index) => jobs[index] && <JobRow job={jobs[index]} />}
          keyOf={(index) => jobs[index]?.job ?? `${index}`}
          onNearEnd={list.more}
        />
      )}
    </>
  );
}

const NoFilms = () => (
  <section class="first">
    <h1>Drop a film, and it becomes smaller</h1>
    <p class="lead">
      Or ready for the stage, for an archive, for the web. Every frame is checked, and your file stays as it is.
    </p>
    <DropZone />
  </section>
);
