import process from 'node:process';
import { widthOf } from '../../runtime/people.ts';
import { fittedText } from './display-width.ts';

/** Tells people something on stderr, in lines that the terminal takes whole. */
export const say = (sentence: string): void =>
  void process.stderr.write(`${fittedText(sentence, widthOf(process.stderr))}\n`);
