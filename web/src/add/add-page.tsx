import { useEffect, useMemo, useState } from 'preact/hooks';
import { formatBytes, formatSaving, formatSeconds, formatUsd } from '../../../core/format.ts';
import { count } from '../../../core/report/quality-words.ts';
import type { RecipesAnswer } from '../api/answers.ts';
import { reasonOf } from '../api/refused.ts';
import { useSurroundings } from '../surroundings.ts';
import { Icon } from '../ui/icon.tsx';
import { Loading, Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';
import { useStore } from '../ui/use-store.ts';
import type { AskedSettings } from '../upload/upload-item.ts';
import { DropZone } from './drop-zone.tsx';
import { RecipePicker } from './recipe-picker.tsx';
import { SettingsForm } from './settings-form.tsx';
import { settingsFor } from './staged.ts';
import { StagedTable } from './staged-table.tsx';
import { UploadTable } from './upload-table.tsx';
import { totalOf, useEstimates } from './use-estimates.ts';

/** Films are chosen, a recipe is chosen for them, and they are sent. */
export function AddPage() {
  const { recipes, staging, uploads } = useSurroundings();
  const [known, setKnown] = useState<RecipesAnswer>();
  const [failure, setFailure] = useState<unknown>();
  useStore(staging);
  useStore(uploads);
  useEffect(() => void recipes().then(setKnown, setFailure), [recipes]);
  const { films, left, takenUp } = staging.shown();
  return (
    <>
      <header class="page-head">
        <h1>Add films</h1>
      </header>
      <UploadTable />
      <DropZone />
      <p class="visually-hidden" role="status">
        {films.length > 0 ? `${count(films.length, 'film')} chosen` : ''}
      </p>
      {takenUp > 0 ? (
        <Notice kind="calm" icon="check" title={`${count(takenUp, 'upload')} went on`}>
          <p>What had arrived before is not sent again.</p>
        </Notice>
      ) : undefined}
      {left.length > 0 ? (
        <Notice kind="warn" title={`${count(left.length, 'file')} left out`}>
          <ul>
            {left.slice(0, 20).map(({ path, why }) => (
              <li key={path}>
                <bdi>{path}</bdi>: {why}
              </li>
            ))}
            {left.length > 20 ? <li>and {count(left.length - 20, 'other')}</li> : undefined}
          </ul>
        </Notice>
      ) : undefined}
      {failure ? (
        <Notice kind="bad" title="The recipes cannot be listed">
          <p>{sentence(reasonOf(failure))}</p>
        </Notice>
      ) : undefined}
      {films.length > 0 && !known && !failure ? <Loading what="Recipes" /> : undefined}
      {films.length > 0 && known ? <Order recipes={known} /> : undefined}
    </>
  );
}

function Order({ recipes }: { readonly recipes: RecipesAnswer }) {
  const { staging, uploads, session, isRented } = useSurroundings();
  const { films } = staging.shown();
  const [recipe, setRecipe] = useState(recipes.usual);
  const [settings, setSettings] = useState<AskedSettings>({});
  const asked = useMemo(() => ({ recipe, settings }), [recipe, settings]);
  const estimates = useEstimates(films, asked);
  const total = totalOf(films, estimates);
  const shown = recipes.recipes.find(({ id }) => id === recipe);
  const tooLarge = films.filter(({ file }) => file.size > session.limits.uploadBytes);
  const send = () => {
    uploads.add(films.map((film) => ({ ...film, recipe: film.recipe ?? recipe, settings: settingsFor(film, asked) })));
    staging.change({ films: [], left: [], takenUp: 0 });
    window.scrollTo({ top: 0 });
  };
  return (
    <form
      class="order card"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <StagedTable
        films={films}
        recipes={recipes}
        estimates={estimates}
        onRecipe={(id, to) =>
          staging.change({ films: films.map((film) => (film.id === id ? { ...film, recipe: to } : film)) })
        }
        onRemove={(id) => staging.change({ films: films.filter((film) => film.id !== id) })}
      />
      <RecipePicker
        recipes={recipes}
        chosen={recipe}
        onChoose={(to) => {
          setRecipe(to);
          setSettings({});
        }}
      />
      {shown ? <SettingsForm recipe={shown} settings={settings} onSettings={setSettings} /> : undefined}
      <div class="order-foot">
        <p aria-live="polite">
          {total.films > 0 ? (
            <>
              <strong>
                About {formatSeconds(total.seconds)} of work, {formatBytes(total.bytesBefore)} →{' '}
                {formatBytes(total.bytesAfter)}
              </strong>
              <span class="facts">
                {formatSaving(total.bytesBefore, total.bytesAfter)}
                {isRented && total.usd > 0 ? `, about ${formatUsd(total.usd)}` : ''}
                {total.films < films.length
                  ? `; of ${count(films.length - total.films, 'other film')} it is told later`
                  : ''}
              </span>
            </>
          ) : (
            <span class="soft">What it takes is told as soon as it is known.</span>
          )}
        </p>
        <button type="submit" class="primary" disabled={tooLarge.length > 0}>
          <Icon name="upload" />
          Send {count(films.length, 'film')}
        </button>
      </div>
      {tooLarge.length > 0 ? (
        <p role="alert" class="why">
          {tooLarge.map(({ path }) => path).join(', ')}: at most {formatBytes(session.limits.uploadBytes)} can be sent.
        </p>
      ) : undefined}
    </form>
  );
}
