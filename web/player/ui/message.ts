import { h, imageButton } from './dom.ts';

export type Message = {
  readonly element: HTMLElement;
  /** A sentence over the picture, which screen readers say too; with a button where somebody has to do something. */
  say(sentence: string, button?: string, milliseconds?: number): void;
  /** A large button alone. */
  offer(): void;
  hide(): void;
  isShown(): boolean;
};

/** Returns the message over the picture, with a button that does what it proposes. */
export function newMessage(press: () => void): Message {
  const text = h('p', { role: 'status' });
  const button = h('button', { type: 'button', hidden: true });
  const play = imageButton('play', 'Play', press);
  button.addEventListener('click', press);
  play.element.hidden = true;
  const element = h('div', { class: 'message' }, text, button, play.element);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const hide = () => {
    clearTimeout(timer);
    text.textContent = '';
    for (const each of [button, play.element]) each.hidden = true;
    element.classList.remove('big');
  };
  return {
    element,
    say(sentence, label, milliseconds) {
      hide();
      text.textContent = sentence;
      button.hidden = label === undefined;
      button.textContent = label ?? '';
      if (milliseconds !== undefined) timer = setTimeout(hide, milliseconds);
    },
    offer() {
      hide();
      play.element.hidden = false;
      element.classList.add('big');
    },
    hide,
    isShown: () => text.textContent !== '' || !play.element.hidden,
  };
}
