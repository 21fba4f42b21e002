import { useState } from 'preact/hooks';
import type { Client } from '../api/client.ts';
import { Refused, reasonOf } from '../api/refused.ts';
import { Notice } from '../ui/notice.tsx';
import { furtherAdvice, sentence } from '../ui/sentence.ts';

type Props = { readonly stage: string; readonly call: Client; onToken(given: { readonly token: string }): void };

/** A person comes in with a code that is sent by e-mail. There is no password. */
export function SignInPage({ stage, call, onToken }: Props) {
  const [email, setEmail] = useState('');
  const [session, setSession] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setFailure(undefined);
    await work().catch(setFailure);
    setBusy(false);
  };
  const ask = () =>
    attempt(async () => {
      const answer = await call('askForCode', { body: { email } });
      setSession(answer.session);
    });
  const give = (code: string, known: string) =>
    attempt(async () => onToken(await call('giveCode', { body: { email, session: known, code } })));
  return (
    <main class="sign-in" id="content">
      <h1>Reelmill</h1>
      <p class="lead">Sign in{stage === '' ? '' : ` to ${stage}`}.</p>
      {session === undefined ? (
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault();
            void ask();
          }}
        >
          <label for="email">Your e-mail address</label>
          <input
            id="email"
            type="email"
            autocomplete="email"
            required
            maxLength={254}
            value={email}
            onInput={({ currentTarget }) => setEmail(currentTarget.value.trim())}
          />
          <button type="submit" class="primary" disabled={isBusy}>
            Send me a code
          </button>
        </form>
      ) : (
        <CodeForm
          email={email}
          isBusy={isBusy}
          onCode={(code) => void give(code, session)}
          onBack={() => setSession(undefined)}
        />
      )}
      <Trouble failure={failure} />
    </main>
  );
}

type CodeProps = { readonly email: string; readonly isBusy: boolean; onCode(code: string): void; onBack(): void };

function CodeForm({ email, isBusy, onCode, onBack }: CodeProps) {
  const [code, setCode] = useState('');
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        onCode(code);
      }}
    >
      <p role="status">
        If <strong>{email}</strong> may come in, a code is on its way to it. It works for a few minutes.
      </p>
      <label for="code">The code</label>
      <input
        id="code"
        inputMode="numeric"
        autocomplete="one-time-code"
        pattern="[0-9]{4,10}"
        title="4 to 10 digits"
        required
        value={code}
        onInput={({ currentTarget }) => setCode(currentTarget.value.replaceAll(/\s/g, ''))}
      />
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy}>
          Come in
        </button>
        <button type="button" class="quiet" onClick={onBack}>
          Another address
        </button>
      </div>
    </form>
  );
}

function Trouble({ failure }: { readonly failure: unknown }) {
  if (!failure) return undefined;
  return (
    <Notice kind="bad" title="That did not work">
      <p>
        {sentence(reasonOf(failure))} {failure instanceof Refused ? furtherAdvice(failure.message, failure.advice) : ''}
      </p>
    </Notice>
  );
}
