// Plays a ladder in a browser by every player: npm run check:players -- FOLDER. The folder holds master.m3u8 and manifest.mpd.
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { playAndJudge } from './players/play-and-judge.mjs';
import { openPlayers, WAYS } from './players/play-ladder.mjs';
import { programPath } from './players/program-path.mjs';
import { readFilm, variantsOf } from './players/read-ladder.mjs';
import { ensureReady } from './setup.mjs';
import { exitWith, SetupError } from './setup-error.mjs';

/** Longer films are played faster. */
const LONGEST_SECONDS = 20;
const FASTEST = 8;

await exitWith(async () => {
  const [folder, ...rest] = process.argv.slice(2);
  if (folder === undefined || rest.length > 0)
    throw new SetupError('usage: npm run check:players -- FOLDER, a folder with master.m3u8 and manifest.mpd', {
      exitCode: 64,
    });
  const ladder = resolve(folder);
  for (const name of ['master.m3u8', 'manifest.mpd'])
    await access(join(ladder, name)).catch(() => {
      throw new SetupError(`${join(ladder, name)} is not there; name the folder of a ladder`, { exitCode: 66 });
    });
  await ensureReady({ need: ['packages', 'ffmpeg', 'chromium'] });
  const executablePath = await programPath('chromium', 'chromium-browser', 'google-chrome');
  const players = await openPlayers({ folder: ladder, executablePath });
  try {
    return await playAll(ladder, players);
  } finally {
    await players.close();
  }
});

/**
 * @param {string} ladder
 * @param {Awaited<ReturnType<typeof openPlayers>>} players
 */
async function playAll(ladder, players) {
  const variants = await variantsOf(ladder);
  const taken = await players.takes(variants.map(({ codecs }) => `video/mp4; codecs="${codecs}"`));
  const playable = variants.filter((_, i) => taken[i]);
  const smallest = playable.at(-1);
  if (!smallest) throw new SetupError('this browser decodes no rung of the ladder', { exitCode: 70 });
  const film = await readFilm(join(ladder, smallest.file));
  const rate = Math.min(FASTEST, Math.max(1, film.seconds / LONGEST_SECONDS));
  let failures = 0;
  const played = new Map(variants.map(({ file }) => [file, /** @type {string[]} */ ([])]));
  for (const [name, { way, file = smallest.file }] of Object.entries(WAYS)) {
    const { played: result, judged } = await playAndJudge(() => players.play({ way, file }, { rate }), film);
    const shown = variants.filter(({ size }) => result.sizes.includes(size));
    for (const { file: rung } of shown) played.get(rung)?.push(name);
    console.log(`\n${name}`);
    for (const { name: what, passed, detail } of judged) {
      const word = passed === undefined ? 'not measured' : passed ? 'passed' : 'FAILED';
      if (passed === false) failures += 1;
      console.log(`  ${word.padEnd(12)} ${what}: ${detail}`);
    }
  }
  console.log('\nrungs');
  for (const [i, { file, size, codecs }] of variants.entries()) {
    const by = played.get(file) ?? [];
    const told =
      by.length > 0
        ? `played by ${by.join(', ')}`
        : taken[i]
          ? 'untested: no player chose it'
          : 'untested: this browser does not decode it';
    console.log(`  ${file} (${size}, ${codecs}): ${told}`);
  }
  console.log(failures === 0 ? '\nall that was measured is right' : `\n${failures} checks failed`);
  return failures === 0 ? 0 : 1;
}
