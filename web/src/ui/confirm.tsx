import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

type Props = {
  readonly title: string;
  readonly yes: string;
  readonly children: ComponentChildren;
  onAnswer(yes: boolean): void;
};

/** Asks before something is lost. The browser keeps the focus inside, and gives it back when the dialog closes. */
export function Confirm({ title, yes, children, onAnswer }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="confirm-title"
      onClose={() => onAnswer(dialog.current?.returnValue === 'yes')}
    >
      <form method="dialog">
        <h2 id="confirm-title">{title}</h2>
        {children}
        <div class="buttons">
          <button type="submit" value="yes" class="danger">
            {yes}
          </button>
          <button type="submit" value="no" class="quiet">
            Keep it
          </button>
        </div>
      </form>
    </dialog>
  );
}
