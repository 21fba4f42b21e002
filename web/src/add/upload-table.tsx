import { useState } from 'preact/hooks';
import { count } from '../../../core/report/quality-words.ts';
import { FILMS } from '../route.ts';
import { useSurroundings } from '../surroundings.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Icon } from '../ui/icon.tsx';
import { Progress, percentOf } from '../ui/progress.tsx';
import { useOnline } from '../ui/use-online.ts';
import { isUnderWay, type UploadItem } from '../upload/upload-item.ts';
import { uploadWords } from './upload-words.ts';

/** The films on their way here. Nothing is shown when there are none. */
export function UploadTable() {
  const { uploads } = useSurroundings();
  const [asks, setAsks] = useState<UploadItem>();
  const items = uploads.items();
  const isOnline = useOnline();
  if (items.length === 0) return undefined;
  const done = items.filter(({ state }) => state.status === 'done').length;
  const underWay = items.filter(isUnderWay).length;
  return (
    <section class="card uploads" aria-labelledby="uploads-title">
      <header>
        <h2 id="uploads-title">On their way</h2>
        <p class="soft" role="status">
          {underWay > 0
            ? `${count(underWay, 'film')} being sent`
            : done === items.length
              ? 'all have arrived'
              : 'nothing is being sent'}
          {done > 0 && underWay > 0 ? `, ${count(done, 'film')} arrived` : ''}
        </p>
      </header>
      <ul class="upload-list">
        {items.map((item) => (
          <UploadRow key={item.id} item={item} isOnline={isOnline} onGiveUp={() => setAsks(item)} />
        ))}
      </ul>
      {done > 0 ? (
        <div class="buttons">
          <a class="button" href={FILMS}>
            See what becomes of them
          </a>
          <button type="button" class="quiet" onClick={() => uploads.clear()}>
            Clear the list
          </button>
        </div>
      ) : undefined}
      {asks ? (
        <Confirm
          title="Give this upload up?"
          yes="Give it up"
          onAnswer={(yes) => {
            setAsks(undefined);
            if (yes) void uploads.giveUp(asks.id).catch(() => undefined); // the server sweeps what it does not hear of
          }}
        >
          <p>
            What has arrived of <bdi>{asks.path}</bdi> is thrown away. Your own file stays as it is.
          </p>
        </Confirm>
      ) : undefined}
    </section>
  );
}

type RowProps = { readonly item: UploadItem; readonly isOnline: boolean; onGiveUp(): void };

function UploadRow({ item, isOnline, onGiveUp }: RowProps) {
  const { uploads } = useSurroundings();
  const { id, path, bytes, sentBytes, recipe, state } = item;
  const share = bytes > 0 ? sentBytes / bytes : 0;
  const isWaiting =
    state.status === 'paused' ||
    state.status === 'failed' ||
    (state.status === 'needs-file' && state.why === 'permission');
  return (
    <li class={`upload ${state.status}`}>
      <p class="upload-name">
        <bdi>{path}</bdi> <span class="soft">{recipe}</span>
      </p>
      <div class="upload-work">
        <Progress label={`Upload of ${path}`} share={state.status === 'done' ? 1 : share} />
        <span class="figures">{state.status === 'done' ? <Icon name="check" /> : percentOf(share)}</span>
      </div>
      <p class="soft figures">{uploadWords(item, Date.now(), isOnline)}</p>
      <div class="upload-steer">
        {isUnderWay(item) ? (
          <button type="button" class="icon-button" aria-label={`Pause ${path}`} onClick={() => uploads.pause(id)}>
            <Icon name="pause" />
          </button>
        ) : undefined}
        {isWaiting ? (
          <button
            type="button"
            class="icon-button"
            aria-label={`Go on with ${path}`}
            onClick={() => void uploads.goOn(id)}
          >
            <Icon name="play" />
          </button>
        ) : undefined}
        {state.status === 'done' || state.status === 'elsewhere' ? undefined : (
          <button type="button" class="icon-button" aria-label={`Give ${path} up`} onClick={onGiveUp}>
            <Icon name="cancel" />
          </button>
        )}
      </div>
    </li>
  );
}
