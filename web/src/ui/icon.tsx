const PATHS = {
  add: 'M8 3v10M3 8h10',
  back: 'M10 3L5 8l5 5',
  cancel: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5l3.5 3.5L13 4.5',
  clock: 'M8 4.5V8l2.5 2M14 8A6 6 0 112 8a6 6 0 0112 0z',
  convert: 'M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13',
  download: 'M8 2.5v7.5M4.5 7L8 10.5 11.5 7M3 13.5h10',
  film: 'M2.5 3.5h11v9h-11zM5 3.5v9M11 3.5v9M2.5 8h2.500M11 8h2.500',
  folder: 'M2 12.500V4h4l1.500 2H14v6.500z',
  offline: 'M2 6.500a9 9 0 0112 0M4.500 9.200a5 5 0 017 0M8 12.500v.1M2.500 2.500l11 11',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  play: 'M5 3.500l7.500 4.500L5 12.500z',
  report: 'M4 2.500h5.500L12.500 5.500v8H4zM6.500 8h3.500M6.500 10.500h3.500',
  retry: 'M13 8a5 5 0 11-1.500-3.600M13 2.500v3h-3',
  upload: 'M8 10.500V3M4.500 6L8 2.500 11.500 6M3 13.500h10',
  warning: 'M8 2.2L14.6 13.6H1.4zM8 6.4v3.4M8 11.6v.2',
} as const;

export type IconName = keyof typeof PATHS;

/** Hidden from screen readers, since a word stands beside it. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
);

/** The arrow between two sizes. */
export const Became = () => (
  <span role="img" aria-label="became">
    →
  </span>
);
