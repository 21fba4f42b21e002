import { useCallback, useEffect, useState } from 'preact/hooks';
import { formatBytes, formatSaving, formatUsd } from '../../../core/format.ts';
import { count } from '../../../core/report/quality-words.ts';
import type { JobAnswer, JobManifest } from '../api/answers.ts';
import { Refused, reasonOf } from '../api/refused.ts';
import { fileName, folderOf } from '../paths.ts';
import { PlayResult, UNDECODABLE } from '../play-result.tsx';
import { FILMS } from '../route.ts';
import { useSurroundings } from '../surroundings.ts';
import { isOpen, StateBadge } from '../ui/badge.tsx';
import { Became, Icon } from '../ui/icon.tsx';
import { Loading, Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';
import { FailureCard } from './failure-card.tsx';
import { playable } from './playable.ts';
import { RenditionCard } from './rendition-card.tsx';
import { Steering } from './steering.tsx';
import { StreamsTable } from './streams-table.tsx';
import { useFileAddress } from './use-file-address.ts';
import { WorkCard } from './work-card.tsx';

/** All that is known of one job, as it is now. */
export function JobPage({ id }: { readonly id: string }) {
  const { call, live } = useSurroundings();
  const [job, setJob] = useState<JobAnswer>();
  const [failure, setFailure] = useState<unknown>();
  const load = useCallback(async () => {
    try {
      setJob(await call('job', { params: { job: id } }));
      setFailure(undefined);
    } catch (error) {
      setFailure(error);
    }
  }, [call, id]);
  const isMoving = job === undefined || isOpen(job.state);
  useEffect(() => void load(), [load]);
  useEffect(() => (isMoving ? live.onChange(() => void load()) : undefined), [live, load, isMoving]);
  if (!job) return failure ? <NoJob failure={failure} onRetry={load} /> : <Loading what="Its facts" />;
  const isMade = !isOpen(job.state) && job.state !== 'failed';
  return (
    <>
      <nav class="crumbs" aria-label="Where you are">
        <a href={FILMS}>
          <Icon name="back" />
          All films
        </a>
      </nav>
      <header class="page-head">
        <div>
          <h1>
            <bdi>{fileName(job.name)}</bdi>
          </h1>
          <p class="soft">
            <span class="recipe">{job.recipe}</span> <bdi>{folderOf(job.name)}</bdi>
          </p>
        </div>
        <StateBadge state={job.state} />
      </header>
      {isOpen(job.state) ? <WorkCard job={job} /> : undefined}
      {job.failure ? <FailureCard failure={job.failure} /> : undefined}
      {isMade ? undefined : <Steering job={job} onSteered={load} />}
      {job.manifest ? <Results job={job} manifest={job.manifest} /> : undefined}
      {isMade ? <Steering job={job} onSteered={load} /> : undefined}
    </>
  );
}

function Results({ job, manifest }: { readonly job: JobAnswer; readonly manifest: JobManifest }) {
  const { call } = useSurroundings();
  const { renditions, source, warnings, streams, cost } = manifest;
  const report = useFileAddress(job.job, 'report.html');
  const isPlayable = playable(renditions).length > 0;
  const after = job.figures?.bytesAfter ?? renditions.reduce((sum, { bytes }) => sum + bytes, 0);
  const viewed = (rendition: string) =>
    void call('count', { body: { job: job.job, rendition, kind: 'view' } }).catch(() => undefined); // it counts for priorities alone
  return (
    <>
      <section class="card hero" aria-label="Before and after">
        <p class="sizes">
          {formatBytes(source.bytes)} <Became /> {formatBytes(after)}
        </p>
        {job.figures?.isSet ? undefined : <p class="saved">{formatSaving(source.bytes, after)}</p>}
        <p class="soft">
          {count(renditions.length, 'rendition')}
          {manifest.machine && cost.estimatedUsd > 0 ? `, about ${formatUsd(cost.estimatedUsd)}` : ''}
          {report === undefined ? undefined : (
            <>
              {', '}
              <a href={report}>the whole report</a> with the quality over time
            </>
          )}
        </p>
      </section>
      {warnings.length > 0 ? (
        <Notice kind="warn" title={count(warnings.length, 'warning')}>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      ) : undefined}
      {isPlayable ? (
        <PlayResult job={job.job} name={fileName(job.name)} manifest={manifest} onPlay={viewed} />
      ) : (
        <p class="soft">{UNDECODABLE}</p>
      )}
      {renditions.map((record) => (
        <RenditionCard key={record.name} job={job.job} record={record} manifest={manifest} />
      ))}
      <section class="card" aria-labelledby="streams-title">
        <h2 id="streams-title">Streams of the source</h2>
        <StreamsTable streams={streams} />
      </section>
    </>
  );
}

function NoJob({ failure, onRetry }: { readonly failure: unknown; onRetry(): Promise<void> }) {
  const isGone = failure instanceof Refused && failure.status === 404;
  return (
    <Notice isAlone kind="bad" title={isGone ? 'There is no such film' : 'The film cannot be shown'}>
      <p>{sentence(reasonOf(failure))}</p>
      <div class="buttons">
        {isGone ? undefined : (
          <button type="button" onClick={() => void onRetry()}>
            Try again
          </button>
        )}
        <a class="button quiet" href={FILMS}>
          All films
        </a>
      </div>
    </Notice>
  );
}
