/** A setting of the house that all its pages share: whether films start by themselves. */
export type House = {
  /** What is known now; undefined before the first answer. */
  autoplay(): boolean | undefined;
  /** Asks the server. Where it does not answer, films wait for a click. */
  load(): Promise<boolean>;
  /** Takes the new value at once, here and in the other pages, and takes it back where the server refuses it. */
  set(value: boolean): Promise<void>;
  close(): void;
};

type Told = { readonly autoplay: boolean };

export type HouseOptions = {
  /** Where the settings lie: GET and PUT of JSON with `autoplay`. Pages with the same address share the setting. */
  readonly url: string;
  readonly onChange: (autoplay: boolean) => void;
  /** A sentence for the page: the server did not take the setting. */
  readonly onRollBack: (reason: string) => void;
};

/** Opens the settings of the house, which all players of one server share, also those in other windows. */
export function openHouse({ url, onChange, onRollBack }: HouseOptions): House {
  const channel = new BroadcastChannel(`reelmill-house ${url}`);
  let settings: Readonly<Record<string, unknown>> = {};
  let autoplay: boolean | undefined;
  let latest = 0;

  function take(value: boolean): void {
    if (autoplay === value) return;
    autoplay = value;
    onChange(value);
  }
  channel.onmessage = ({ data }: MessageEvent<Told>) => take(data.autoplay === true);

  function tell(value: boolean): void {
    channel.postMessage({ autoplay: value } satisfies Told);
    take(value);
  }

  return {
    autoplay: () => autoplay,
    async load() {
      const answer: unknown = await fetch(url)
        .then((response) => (response.ok ? response.json() : {}))
        .catch(() => ({}));
      settings = typeof answer === 'object' && answer !== null ? { ...answer } : {};
      if (autoplay === undefined) take(settings.autoplay === true);
      return autoplay === true;
    },
    async set(value) {
      const before = autoplay ?? false;
      const mine = ++latest;
      tell(value);
      const body = JSON.stringify({ ...settings, autoplay: value });
      const request = { method: 'PUT', headers: { 'content-type': 'application/json' }, body };
      const why = await fetch(url, request).then(
        ({ ok, status }) => (ok ? undefined : `the server answered ${status}`),
        () => 'the server cannot be reached',
      );
      if (why === undefined || mine !== latest) return;
      tell(before);
      onRollBack(`The setting was not kept: ${why}.`);
    },
    close: () => channel.close(),
  };
}
