import { h } from './dom.ts';

export type Group = {
  readonly title: string;
  readonly choices: readonly { readonly label: string; readonly isChosen: boolean; readonly choose: () => void }[];
};

/** A yes or no. */
export type Switch = { readonly label: string; readonly isOn: boolean; readonly turn: (on: boolean) => void };

export type Menu = {
  readonly element: HTMLElement;
  show(groups: readonly Group[], switches: readonly Switch[]): void;
  hide(): void;
  isOpen(): boolean;
};

/** Groups of choices as radio buttons, which keyboards and screen readers know. */
export function newMenu(onHide: () => void): Menu {
  const element = h('div', { class: 'menu', role: 'group', 'aria-label': 'Settings', id: 'menu', hidden: true });

  function fill(groups: readonly Group[], switches: readonly Switch[]): void {
    const sets = groups.map(({ title, choices }) => {
      const rows = choices.map(({ label, isChosen, choose }) => {
        const input = h('input', { type: 'radio', name: title });
        input.checked = isChosen;
        input.addEventListener('change', choose);
        return h('label', {}, input, label);
      });
      return h('fieldset', {}, h('legend', {}, title), ...rows);
    });
    const boxes = switches.map(({ label, isOn, turn }) => {
      const input = h('input', { type: 'checkbox' });
      input.checked = isOn;
      input.addEventListener('change', () => turn(input.checked));
      return h('label', {}, input, label);
    });
    element.replaceChildren(...sets, ...boxes);
  }

  return {
    element,
    show(groups, switches) {
      fill(groups, switches);
      element.hidden = false;
      (element.querySelector<HTMLElement>('input:checked') ?? element.querySelector('input'))?.focus();
    },
    hide() {
      if (element.hidden) return;
      element.hidden = true;
      onHide();
    },
    isOpen: () => !element.hidden,
  };
}
