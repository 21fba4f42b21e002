import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

type Props = {
  readonly count: number;
  readonly label: string;
  /** The height of every row in pixels, on wide and on narrow screens. */
  readonly rowHeight: { readonly wide: number; readonly narrow: number };
  readonly hasMore: boolean;
  row(index: number): ComponentChildren;
  keyOf(index: number): string;
  /** Called when the end of what is loaded comes near. */
  onNearEnd(): void;
};

const NARROW = '(max-width: 46rem)';
const ROWS_BEYOND = 4;
const ROWS_BEFORE_END = 40;

/** A list of any length, of which only the rows near the screen are drawn. The page scrolls, not a box in it. */
export function VirtualList({ count, label, rowHeight, hasMore, row, keyOf, onNearEnd }: Props) {
  const box = useRef<HTMLUListElement>(null);
  const [height, setHeight] = useState(() => (matchMedia(NARROW).matches ? rowHeight.narrow : rowHeight.wide));
  const [span, setSpan] = useState({ from: 0, to: 0 });

  useLayoutEffect(() => {
    const look = () => {
      const rows = matchMedia(NARROW).matches ? rowHeight.narrow : rowHeight.wide;
      const above = -(box.current?.getBoundingClientRect().top ?? 0);
      const from = Math.max(0, Math.floor(above / rows) - ROWS_BEYOND);
      const to = Math.min(count, Math.ceil((above + window.innerHeight) / rows) + ROWS_BEYOND);
      setHeight(rows);
      setSpan((before) => (before.from === from && before.to === to ? before : { from, to }));
    };
    look();
    window.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', look);
    return () => {
      window.removeEventListener('scroll', look);
      window.removeEventListener('resize', look);
    };
  }, [count, rowHeight.narrow, rowHeight.wide]);

  useEffect(() => {
    if (hasMore && span.to > count - ROWS_BEFORE_END) onNearEnd();
  }, [span.to, count, hasMore, onNearEnd]);

  const shown = Array.from({ length: Math.max(0, Math.min(span.to, count) - span.from) }, (_, at) => span.from + at);
  return (
    <ul ref={box} class="rows" aria-label={label} style={{ height: `${count * height}px` }}>
      {shown.map((index) => (
        <li
          key={keyOf(index)}
          class="row"
          aria-setsize={hasMore ? -1 : count}
          aria-posinset={index + 1}
          style={{ top: `${index * height}px`, height: `${height}px` }}
        >
          {row(index)}
        </li>
      ))}
    </ul>
  );
}
