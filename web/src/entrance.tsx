import { useEffect, useRef, useState } from 'preact/hooks';
import { createStaging } from './add/staging.ts';
import { type Client, createClient } from './api/client.ts';
import { Refused, reasonOf } from './api/refused.ts';
import { browserLivePorts, follow } from './live.ts';
import { once } from './once.ts';
import { Shell } from './shell.tsx';
import { createCredentials } from './sign-in/credentials.ts';
import { SignInPage } from './sign-in/sign-in-page.tsx';
import { type Surroundings, SurroundingsContext } from './surroundings.ts';
import { Loading, Notice } from './ui/notice.tsx';
import { sentence } from './ui/sentence.ts';
import { browserUploads } from './upload/browser-ports.ts';

type State =
  | { readonly status: 'opening' }
  | { readonly status: 'signing-in'; readonly stage: string }
  /** Locally the address that the terminal shows lets people in. */
  | { readonly status: 'locked' }
  | { readonly status: 'failed'; readonly reason: string }
  | { readonly status: 'in'; readonly surroundings: Surroundings };

/** Lets people in, in the way that the server has, and gives the pages what they work with. */
export function Entrance() {
  const [state, setState] = useState<State>({ status: 'opening' });
  // Uploads go on while somebody signs in again.
  const kept = useRef<Surroundings>(undefined);
  /** What is shown to somebody who is not in, or not any more. */
  const out = useRef<State>({ status: 'locked' });
  const [credentials] = useState(createCredentials);
  const [call] = useState<Client>(() => {
    const client: Client = createClient({
      fetch: (...asked) => fetch(...asked),
      token: credentials.token,
      renew: async () => {
        const isIn = credentials.token() !== undefined && (await credentials.renew(client));
        if (!isIn && kept.current) setState(out.current);
        return isIn;
      },
    });
    return client;
  });
  const failed = (error: unknown) => {
    const isOut = error instanceof Refused && (error.status === 401 || error.status === 403);
    setState(isOut ? out.current : { status: 'failed', reason: reasonOf(error) });
  };
  const enter = async () => {
    kept.current ??= await surroundingsOf(call, out.current.status === 'signing-in');
    setState({ status: 'in', surroundings: kept.current });
  };
  const open = async () => {
    setState({ status: 'opening' });
    try {
      const { way, stage } = await call('signInWay');
      if (way === 'email') out.current = { status: 'signing-in', stage };
      if (way === 'email' && !(await credentials.renew(call))) return setState(out.current);
      await enter();
    } catch (error) {
      failed(error);
    }
  };
  useEffect(() => void open(), []);
  switch (state.status) {
    case 'opening':
      return (
        <main id="content">
          <Loading what="The pages" />
        </main>
      );
    case 'signing-in':
      return (
        <SignInPage
          stage={state.stage}
          call={call}
          onToken={(given) => {
            credentials.hold(given);
            void enter().catch(failed);
          }}
        />
      );
    case 'locked':
      return (
        <main id="content" class="alone">
          <Notice isAlone kind="warn" title="This page does not know you">
            <p>
              Open the address that <code>reelmill serve</code> shows in the terminal, with all that is behind the
              question mark. Each start of the server has a new one.
            </p>
          </Notice>
        </main>
      );
    case 'failed':
      return (
        <main id="content" class="alone">
          <Notice isAlone kind="bad" title="The pages cannot be opened">
            <p>{sentence(state.reason)}</p>
            <button type="button" onClick={() => void open()}>
              Try again
            </button>
          </Notice>
        </main>
      );
    case 'in':
      return (
        <SurroundingsContext.Provider value={state.surroundings}>
          <Shell />
        </SurroundingsContext.Provider>
      );
    default:
      return state satisfies never;
  }
}

async function surroundingsOf(call: Client, isRented: boolean): Promise<Surroundings> {
  const session = await call('session');
  const uploads = browserUploads(call);
  void uploads.restore().catch(() => undefined); // what was left is shown when the list can be had, after the next reload
  return {
    call,
    session,
    isRented,
    uploads,
    staging: createStaging(uploads),
    live: follow(session.live, browserLivePorts),
    recipes: once(() => call('recipes')),
  };
}
