import { describe, expect, it } from '@jest/globals';
import { streamedLanguage } from '../../../core/description/language.ts';

describe('the language that playlists name', () => {
  it.each([
    ['fre', 'fra'],
    ['en', 'eng'],
    ['por-BR', 'pt-BR'],
    ['pt_BR', 'pt-BR'],
    ['zh-Hant', 'zh-Hant'],
    ['zho-Hans-CN', 'zh-Hans-CN'],
    ['en-"x"\n', 'eng'],
    ['und', undefined],
    ['und-Latn', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('is of %p %p', (tag, named) => {
    expect(streamedLanguage(tag)).toBe(named);
  });
});
