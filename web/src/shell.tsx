import { useEffect, useState } from 'preact/hooks';
import { AddPage } from './add/add-page.tsx';
import type { JobSummary } from './api/answers.ts';
import { JobPage } from './job/job-page.tsx';
import { JobsPage } from './jobs/jobs-page.tsx';
import { ADD, FILMS, type Page, pageOf } from './route.ts';
import { useSurroundings } from './surroundings.ts';
import { titleOf } from './title.ts';
import { Icon } from './ui/icon.tsx';
import { Notice } from './ui/notice.tsx';
import { useOnline } from './ui/use-online.ts';
import { useStore } from './ui/use-store.ts';
import { droppedFiles } from './upload/dropped-files.ts';
import { isUnderWay } from './upload/upload-item.ts';

/** What all pages have around them: the head, what is said of the network, the place for drops, and the tab's title. */
export function Shell() {
  const { session, uploads } = useSurroundings();
  const [page, setPage] = useState<Page>(() => pageOf(window.location));
  const isOnline = useOnline();
  useStore(uploads);
  useEffect(() => {
    const turn = () => setPage(pageOf(window.location));
    window.addEventListener('hashchange', turn);
    return () => window.removeEventListener('hashchange', turn);
  }, []);
  useTitle();
  useLeaveGuard(uploads.items().some(isUnderWay));
  const isOver = useDrops();
  const name = page.name === 'job' ? `job ${page.job}` : page.name;
  useEffect(() => window.scrollTo({ top: 0 }), [name]);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <a class="brand" href={FILMS}>
          Reelmill
        </a>
        <nav aria-label="Pages">
          <a href={FILMS} aria-current={page.name === 'films' ? 'page' : undefined}>
            Films
          </a>
          <a href={ADD} aria-current={page.name === 'add' ? 'page' : undefined}>
            Add films
          </a>
        </nav>
        {session.stage === 'local' ? undefined : <span class="soft who">{session.caller.name}</span>}
      </header>
      <div role="status" class="network">
        {isOnline ? undefined : (
          <p>
            <Icon name="offline" />
            There is no network. Nothing is lost: what was begun goes on when it is back.
          </p>
        )}
      </div>
      <main id="content" tabIndex={-1}>
        <PageOf page={page} />
      </main>
      <footer class="foot">
        Reelmill {session.version}
        {session.stage === 'local' ? '' : `, ${session.stage}`}
      </footer>
      {isOver ? (
        <div class="drop-veil" aria-hidden="true">
          <p>Drop them anywhere</p>
        </div>
      ) : undefined}
    </>
  );
}

function PageOf({ page }: { readonly page: Page }) {
  switch (page.name) {
    case 'films':
      return <JobsPage query={page.query} />;
    case 'add':
      return <AddPage />;
    case 'job':
      return <JobPage key={page.job} id={page.job} />;
    case 'unknown':
      return (
        <Notice isAlone kind="warn" title="There is no such page">
          <a href={FILMS}>All films</a>
        </Notice>
      );
    default:
      return page satisfies never;
  }
}

const TITLE_AFTER_MS = 1000;

function useTitle(): void {
  const { call, live, uploads } = useSurroundings();
  const [open, setOpen] = useState<readonly JobSummary[]>([]);
  useEffect(() => {
    // Of more jobs than these the mean says as much; a question that fails leaves the title as it is.
    const look = () =>
      call('jobs', { query: { state: 'open', sort: 'oldest', limit: '50' } }).then(
        ({ jobs }) => setOpen(jobs),
        () => undefined,
      );
    // What the page itself asks for comes first.
    const timer = setTimeout(() => void look(), TITLE_AFTER_MS);
    const end = live.onChange(() => void look());
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [call, live]);
  const title = titleOf(open, uploads.items());
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Asks before the page is left while something is sent. */
function useLeaveGuard(isSending: boolean): void {
  useEffect(() => {
    if (!isSending) return undefined;
    const guard = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', guard);
    return () => window.removeEventListener('beforeunload', guard);
  }, [isSending]);
}

/** Takes what is dropped anywhere in the window, which the browser would open otherwise. True while something hangs over it. */
function useDrops(): boolean {
  const { staging } = useSurroundings();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      void droppedFiles(event.dataTransfer.items).then(async (files) => {
        await staging.take(files);
        window.location.assign(ADD);
      });
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [staging]);
  return isOver;
}
