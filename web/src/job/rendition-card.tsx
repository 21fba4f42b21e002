import { useState } from 'preact/hooks';
import { formatBytes, formatSaving, formatSeconds } from '../../../core/format.ts';
import { count, grouped } from '../../../core/report/quality-words.ts';
import type { JobManifest, JobRendition } from '../api/answers.ts';
import { reasonOf } from '../api/refused.ts';
import { useSurroundings } from '../surroundings.ts';
import { Icon } from '../ui/icon.tsx';
import { QualityScale } from './quality-scale.tsx';

type Props = { readonly job: string; readonly record: JobRendition; readonly manifest: JobManifest };

/** One file that was made: its size, its quality, what was checked, and how to get it. */
export function RenditionCard({ job, record, manifest }: Props) {
  const { name, path, bytes, width, height, codec, durationSeconds, frames, checks } = record;
  const failed = checks.filter(({ passed }) => !passed).length;
  return (
    <section class="card rendition" aria-labelledby={`rendition-${name}`}>
      <header>
        <h2 id={`rendition-${name}`}>{name}</h2>
        <p class="soft">
          {width}×{height} {codec}, {formatSeconds(durationSeconds)}, {grouped(frames)} frames
        </p>
        <Download job={job} path={path} rendition={name} />
      </header>
      <p class="big figures">
        {formatBytes(bytes)} <span class="soft">{formatSaving(manifest.source.bytes, bytes)}</span>
      </p>
      <QualityScale record={record} settings={manifest.settings} />
      <details>
        <summary>
          {failed === 0
            ? `All ${count(checks.length, 'check')} passed`
            : `${failed} of ${count(checks.length, 'check')} failed`}
        </summary>
        <ul class="checks">
          {checks.map(({ name: check, passed, detail }) => (
            <li key={check} class={passed ? 'passed' : 'failed'}>
              <Icon name={passed ? 'check' : 'cancel'} />
              <span>
                <strong>{check}</strong> <span class="mark">{passed ? 'passed' : 'failed'}</span>
                <span class="facts">{detail}</span>
              </span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function Download({
  job,
  path,
  rendition,
}: {
  readonly job: string;
  readonly path: string;
  readonly rendition: string;
}) {
  const { call } = useSurroundings();
  const [failure, setFailure] = useState<unknown>();
  const save = async () => {
    const { url } = await call('file', { params: { job }, query: { path, as: 'url', disposition: 'attachment' } });
    window.location.assign(url);
    await call('count', { body: { job, rendition, kind: 'download' } }).catch(() => undefined); // it counts for priorities alone
  };
  return (
    <>
      <button type="button" class="quiet" aria-label={`Download ${path}`} onClick={() => void save().catch(setFailure)}>
        <Icon name="download" />
        Download
      </button>
      {failure ? (
        <p role="alert" class="why">
          {reasonOf(failure)}
        </p>
      ) : undefined}
    </>
  );
}
