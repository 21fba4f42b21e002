import type { RecipeShown } from '../api/answers.ts';
import { sentence } from '../ui/sentence.ts';
import type { AskedSettings } from '../upload/upload-item.ts';
import { settingKind } from './setting-kind.ts';

type Setting = RecipeShown['settings'][number];
type Props = { readonly recipe: RecipeShown; readonly settings: AskedSettings; onSettings(to: AskedSettings): void };

/** The settings that the recipe takes. An empty one keeps the recipe's default. */
export function SettingsForm({ recipe, settings, onSettings }: Props) {
  const changed = Object.keys(settings).length;
  const set = (name: string, value: string) => {
    const { [name]: _, ...rest } = settings;
    onSettings(value === '' ? rest : { ...rest, [name]: value });
  };
  return (
    <details class="settings-form">
      <summary>
        Settings <span class="soft">{changed === 0 ? 'as the recipe has them' : `${changed} changed`}</span>
      </summary>
      <div class="setting-list">
        {recipe.settings.map((setting) => (
          <SettingField
            key={setting.name}
            setting={setting}
            value={settings[setting.name] ?? ''}
            onValue={(value) => set(setting.name, value)}
          />
        ))}
      </div>
    </details>
  );
}

type FieldProps = { readonly setting: Setting; readonly value: string; onValue(value: string): void };

function SettingField({ setting, value, onValue }: FieldProps) {
  const { name, summary, range } = setting;
  const [field, help] = [`setting-${name}`, `help-${name}`];
  return (
    <div class="setting">
      <label for={field}>{name}</label>
      <Field setting={setting} value={value} onValue={onValue} />
      <p id={help} class="soft">
        {sentence(summary)} {settingKind(range).kind === 'choice' ? undefined : <>It takes {range}.</>}
      </p>
    </div>
  );
}

function Field({ setting: { name, range, default: usual }, value, onValue }: FieldProps) {
  const kind = settingKind(range);
  const [id, described] = [`setting-${name}`, `help-${name}`];
  const shared = { id, value, 'aria-describedby': described };
  switch (kind.kind) {
    case 'choice':
      return (
        <select {...shared} onChange={({ currentTarget }) => onValue(currentTarget.value)}>
          <option value="">{usual === undefined ? 'as the recipe has it' : `${usual} (default)`}</option>
          {kind.values.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      );
    case 'number':
      return (
        <input
          {...shared}
          type="number"
          step="any"
          min={kind.low}
          max={kind.high}
          placeholder={usual ?? ''}
          onInput={({ currentTarget }) => onValue(currentTarget.value)}
        />
      );
    case 'text':
      return (
        <input
          {...shared}
          type="text"
          placeholder={usual ?? ''}
          autocomplete="off"
          onInput={({ currentTarget }) => onValue(currentTarget.value.trim())}
        />
      );
    default:
      return kind satisfies never;
  }
}
