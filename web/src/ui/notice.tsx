import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

type Props = {
  readonly kind: 'bad' | 'warn' | 'calm';
  readonly title: string;
  readonly icon?: IconName;
  /** Whether nothing else is on the page, so that it is the page's heading. */
  readonly isAlone?: boolean;
  readonly children?: ComponentChildren;
};

/** Something that a person should read: what is wrong, and what to do. */
export const Notice = ({ kind, title, icon = 'warning', isAlone = false, children }: Props) => {
  const Heading = isAlone ? 'h1' : 'h2';
  return (
    <section class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : undefined}>
      <Heading>
        <Icon name={icon} />
        {title}
      </Heading>
      {children}
    </section>
  );
};

/** In place of what is not there yet. */
export const Loading = ({ what }: { readonly what: string }) => (
  <div class="loading" role="status">
    <span class="visually-hidden">{what} are loading</span>
    <span class="bone" />
    <span class="bone" />
    <span class="bone" />
  </div>
);
