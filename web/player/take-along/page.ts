import type { ReelmillPlayer } from '../element.ts';
import { filmOfFile, type Text } from '../film/film.ts';
import { newLine } from '../line/line.ts';
import { remoteFile } from '../line/remote-file.ts';
import { troubleOf } from '../line/trouble.ts';
import { h } from '../ui/dom.ts';
import { filmToTake } from './film-to-take.ts';
import { type Copy, openStore, type Store } from './store.ts';
import { keyOfPassphrase } from './user-key.ts';

/** The page of films that were taken along: it works without a server once it was open. */
async function begin(): Promise<void> {
  await navigator.serviceWorker?.register('take-along-worker.js');
  const store = await openStore();
  const take = form('take');
  const unlock = form('unlock');
  take.addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(() => takeAlong(store, fieldOf(take, 'address'), fieldOf(take, 'passphrase')));
  });
  unlock.addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(() => unlockAll(store, fieldOf(unlock, 'passphrase')));
  });
  const wished = new URL(location.href).searchParams.get('film');
  const address = take.elements.namedItem('address');
  if (wished !== null && address instanceof HTMLInputElement) address.value = wished;
  await list(store);
}

async function takeAlong(store: Store, address: string, passphrase: string): Promise<void> {
  if (passphrase !== '') await setKey(store, passphrase);
  const src = new URL(address, location.href).href;
  const life = new AbortController();
  const { texts, missing, ...about } = await filmToTake(src, life.signal);
  const { name } = about;
  const film = remoteFile(about.src, { line: newLine(), rank: () => 0, onTrouble: ({ message }) => say(message) });
  const how = {
    signal: life.signal,
    onProgress: (bytes: number, of: number) => say(`${Math.floor((100 * bytes) / of)} % of ${name}`),
  };
  await store.take(film, { ...about, texts }, how);
  say([`${name} was taken along. It plays without a connection.`, ...missing].join(' '));
  await list(store);
}

/** A passphrase that was chosen before has to be the same: copies are told by it. */
async function setKey(store: Store, passphrase: string): Promise<void> {
  const [first] = await store.copies();
  await store.setKey(await keyOfPassphrase(passphrase, first?.origin));
  if (!first) return;
  await store.open(first.id).catch(async (error: unknown) => {
    await store.forgetKey();
    throw error;
  });
}

async function unlockAll(store: Store, passphrase: string): Promise<void> {
  await setKey(store, passphrase);
  say('The copies are unlocked.');
  await list(store);
}

async function play(store: Store, { id, name, src }: Copy): Promise<void> {
  const file = await store.open(id);
  const texts = await store.texts(id);
  const player = document.querySelector<ReelmillPlayer>('reelmill-player');
  if (!player) return;
  await customElements.whenDefined('reelmill-player');
  player.hidden = false;
  for (const { url } of shownTexts) URL.revokeObjectURL(url);
  shownTexts = texts;
  player.copies = new Map([[src, file]]);
  player.films = new Map([[src, { ...filmOfFile(src), texts }]]);
  await player.open({ montages: [{ tracks: [{ items: [{ src, name }] }] }] });
  player.play();
}

/** The subtitles of the film that plays, in clear in memory alone. */
let shownTexts: readonly Text[] = [];

async function list(store: Store): Promise<void> {
  const copies = await store.copies();
  const isLocked = copies.length > 0 && !(await store.key());
  form('unlock').hidden = !isLocked;
  const rows = copies.map((copy) => {
    const open = h('button', { type: 'button' }, `Play ${copy.name}`);
    open.addEventListener('click', () => void attempt(() => play(store, copy)));
    const remove = h('button', { type: 'button', class: 'quiet' }, `Remove ${copy.name}`);
    remove.addEventListener('click', () => void attempt(() => store.remove(copy.id).then(() => list(store))));
    return h('li', {}, open, ` ${(copy.bytes / 1e6).toFixed(1)} MB `, remove);
  });
  const place = document.querySelector('#copies');
  place?.replaceChildren(...(rows.length > 0 ? rows : [h('li', {}, 'No film was taken along yet.')]));
}

const attempt = (deed: () => Promise<void>): Promise<void> =>
  deed().catch((error: unknown) => say(troubleOf(error).message));

function say(sentence: string): void {
  const place = document.querySelector('#told');
  if (place) place.textContent = sentence;
}

function form(id: string): HTMLFormElement {
  const found = document.querySelector<HTMLFormElement>(`form#${id}`);
  if (!found) throw new Error(`the page has no form "${id}"`);
  return found;
}

function fieldOf(from: HTMLFormElement, name: string): string {
  const field = from.elements.namedItem(name);
  return field instanceof HTMLInputElement ? field.value.trim() : '';
}

begin().catch((error: unknown) => say(troubleOf(error).message));
