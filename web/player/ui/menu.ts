import { isDecodable } from '../engine/choose-rung.ts';
import type { Film } from '../film/film.ts';
import { adoptMenuStyle } from './adopt-menu-style.ts';
import { h } from './dom.ts';

/** What is chosen now, and what a choice does. */
export type Settings = {
  readonly film: Film;
  readonly playing: string | undefined;
  readonly rendition: { readonly now: string | undefined; readonly choose: (name: string | undefined) => void };
  readonly sound: { readonly now: string | undefined; readonly choose: (label: string) => void };
  readonly text: { readonly now: string | undefined; readonly choose: (label: string | undefined) => void };
  /** Whether films of the house start by themselves; undefined where the page belongs to no house. */
  readonly house: { readonly now: boolean; readonly choose: (on: boolean) => void } | undefined;
};

export type Menu = {
  readonly element: HTMLElement;
  show(settings: Settings): void;
  hide(): void;
};

type Choice = { readonly label: string; readonly isChosen: boolean; readonly choose: () => void };

/** Groups of choices as radio buttons, which keyboards and screen readers know. */
export function newMenu(onHide: () => void): Menu {
  const element = h('div', { class: 'menu', role: 'group', 'aria-label': 'Settings', hidden: true });
  return {
    element,
    show(settings) {
      const groups = groupsOf(settings).flatMap(([title, choices]) =>
        choices.length > 1 ? [group(title, choices)] : [],
      );
      const { house } = settings;
      if (house)
        groups.push(
          row('checkbox', {
            label: 'Films start by themselves',
            isChosen: house.now,
            choose: (on) => house.choose(on),
          }),
        );
      adoptMenuStyle(element);
      element.replaceChildren(...(groups.length > 0 ? groups : ['There is nothing to choose for this film.']));
      element.hidden = false;
      (element.querySelector<HTMLElement>('input:checked') ?? element.querySelector('input'))?.focus();
    },
    hide() {
      if (element.hidden) return;
      element.hidden = true;
      onHide();
    },
  };
}

function groupsOf({
  film,
  playing,
  rendition,
  sound,
  text,
}: Settings): readonly (readonly [string, readonly Choice[]])[] {
  const automatic = playing === undefined ? 'Automatic' : `Automatic (${playing})`;
  const rungs = film.rungs.filter(isDecodable).map(({ name, width, height }) => ({
    ...{ label: height > 0 ? `${name} (${width} x ${height})` : name, isChosen: rendition.now === name },
    choose: () => rendition.choose(name),
  }));
  const auto = { label: automatic, isChosen: rendition.now === undefined, choose: () => rendition.choose(undefined) };
  return [
    ['Quality', rungs.length > 1 ? [auto, ...rungs] : []],
    [
      'Sound',
      film.sounds.map(({ label, isDefault }) => ({
        ...{ label, isChosen: sound.now === undefined ? isDefault : sound.now === label },
        choose: () => sound.choose(label),
      })),
    ],
    [
      'Subtitles',
      [undefined, ...film.texts.map(({ label }) => label)].map((label) => ({
        ...{ label: label ?? 'None', isChosen: text.now === label },
        choose: () => text.choose(label),
      })),
    ],
  ];
}

function group(title: string, choices: readonly Choice[]): HTMLElement {
  return h('fieldset', {}, h('legend', {}, title), ...choices.map((each) => row('radio', { ...each, name: title })));
}

type Row = {
  readonly label: string;
  readonly isChosen: boolean;
  readonly choose: (on: boolean) => void;
  readonly name?: string;
};

function row(type: 'radio' | 'checkbox', { label, isChosen, choose, name }: Row): HTMLElement {
  const input = h('input', { type, name });
  input.checked = isChosen;
  input.addEventListener('change', () => choose(input.checked));
  return h('label', {}, input, label);
}
