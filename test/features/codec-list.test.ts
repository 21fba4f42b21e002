import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from '@jest/globals';
import { CODEC_NAMES, CODECS, codecOf, HARDWARE_ENCODERS, type SpecOf } from '../../core/codecs/index.ts';
import { encodeSpecFor } from '../../core/encode/encode-spec-for.ts';
import { standsInFor } from '../../core/recipes/codec-choice.ts';
import { encodersOf } from '../../core/recipes/encoders.ts';
import { encodedBy } from '../../core/recipes/hardware-choice.ts';
import { RECIPES } from '../../core/recipes/index.ts';
import { makerOf } from '../../core/settings/makers.ts';
import { aVideo } from '../fixtures/probes.ts';

const RENDITIONS = RECIPES.flatMap(({ renditions }) => renditions);
const COMPUTED = CODEC_NAMES.filter((name) => !makerOf(CODECS[name].encoder));
const BY_RECIPES = COMPUTED.filter((name) => standsInFor(name) === undefined);
const BY_SETTING = COMPUTED.filter((name) => standsInFor(name) !== undefined);
const BY_CARD = CODEC_NAMES.filter((name) => makerOf(CODECS[name].encoder));

/** A rendition in a codec, which a recipe makes or the setting `codec` puts in the place of one that a recipe makes. */
function renditionIn(codec: string | undefined) {
  const own = COMPUTED.find((name) => name === codec);
  const usual = own && (standsInFor(own) ?? own);
  const found = RENDITIONS.find((each) => each.codec === usual);
  return found && own && { ...found, codec: own };
}

/** What CONTRIBUTING's list for a codec says, held for every codec of the index. */
describe('every codec', () => {
  it.each(BY_RECIPES)(
    'is made by a rendition of a recipe, so that goldens, doctor and the bench of speeds have it: %s',
    (name) => {
      const rendition = RENDITIONS.find(({ codec }) => codec === name);
      expect(rendition).toBeDefined();
      expect(encodersOf().find(({ encoder }) => encoder === CODECS[name].encoder)?.makes).toContain(CODECS[name].title);
      const goldens = readFileSync(
        join(process.cwd(), 'test/core/encode/__snapshots__/encode-args.test.ts.snap'),
        'utf8',
      );
      expect(goldens).toContain(`golden: ${rendition?.name} by `);
    },
  );

  it.each(BY_SETTING)(
    'of the setting codec stands in for one of recipes, and doctor and goldens have it: %s',
    (name) => {
      expect(RENDITIONS.some(({ codec }) => codec === standsInFor(name))).toBe(true);
      expect(encodersOf().find(({ encoder }) => encoder === CODECS[name].encoder)?.makes).toContain(CODECS[name].title);
      const goldens = readFileSync(join(process.cwd(), 'test/core/codecs/__snapshots__/index.test.ts.snap'), 'utf8');
      expect(goldens).toContain(`-c:v ${CODECS[name].encoder} `);
    },
  );

  it.each(BY_CARD)("of a graphics card stands in for one of the processor's, and is tried by doctor: %s", (name) => {
    const { insteadOf, encoder } = CODECS[name];
    expect(COMPUTED).toContain(insteadOf);
    expect(HARDWARE_ENCODERS).toContain(encoder);
    const rendition = renditionIn(insteadOf);
    const maker = makerOf(encoder);
    expect(rendition && maker && encodedBy(rendition, { encoder: maker }).codec).toBe(name);
    const goldens = readFileSync(join(process.cwd(), 'test/core/codecs/__snapshots__/index.test.ts.snap'), 'utf8');
    expect(goldens).toContain(`-c:v ${encoder} `);
  });

  it.each(CODEC_NAMES)('answers everything that is asked of it: %s', (name) => {
    const codec = CODECS[name];
    const found = renditionIn(codec.insteadOf ?? name);
    if (!found) throw new Error(`no recipe makes ${name}`);
    const video = aVideo();
    const frameRate = { num: 25, den: 1 };
    const rendition = { ...found, codec: name };
    const { spec } = encodeSpecFor({ rendition, settings: {}, video, frameRate, tools: {} });
    const { codecString, ...facts } = codecOf(spec as SpecOf<typeof name>);
    expect(facts).toEqual({
      title: expect.stringMatching(/./),
      decodesAs: expect.stringMatching(/^[a-z0-9]+$/),
      tag: expect.stringMatching(/^.{4}$/),
      encoderFormat: expect.stringMatching(/^[a-z0-9]+$/),
      decodedFormat: expect.stringMatching(/^[a-z0-9]+$/),
      arguments: expect.arrayContaining(['-c:v', codec.encoder]),
      speed: expect.any(Number),
      bitsPerPixel: expect.any(Number),
    });
    expect(facts.speed).toBeGreaterThan(0);
    expect(facts.bitsPerPixel).toBeGreaterThan(0);
    expect(codecString.source).toContain(facts.tag);
    expect(codec.comesWith).toMatch(/./);
  });
});
