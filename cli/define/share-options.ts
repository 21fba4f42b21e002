export const CORES = ['--cores <n>', 'how many processors to use (default: all)'] as const;
export const AT_ONCE = [
  '--at-once <n>',
  'how many films to work on at the same time (default: one; of small ones as many as there are processors)',
] as const;
export const NICE = ['--nice <n>', 'how much other programs go first, 0 to 19 (default: 0; 10 under watch)'] as const;
export const QUIET = ['-q, --quiet', 'tell of failures alone'] as const;
export const VERBOSE = [
  '-v, --verbose',
  'tell everything: plans, unchanged films, and tables of renditions and streams',
] as const;

export const CACHE = [
  '--cache <size>',
  'how much room the pieces may take, as 50G; those of published jobs go first',
] as const;

export const REMAKE = ['--remake', 'make unchanged results again, with the tools that are installed now'] as const;

export const JSON_LINES = ['--json', 'one JSON object a line on stdout'] as const;
