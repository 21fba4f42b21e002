import type { Command } from 'commander';
import { collect } from '../arguments/collect.ts';

/** Adds the options that say which files of a folder are meant. */
export const addFilterOptions = (command: Command): Command =>
  command
    .option('--include <glob>', 'only files that match, as "*.mov" or "2019/**"; may be given again', collect)
    .option('--exclude <glob>', 'no files that match; may be given again', collect)
    .option('--min-size <size>', 'no smaller files, as 50M')
    .option('--newer-than <time>', 'no files that were changed earlier: a date or an age, as 2026-03-01 or 30d');
