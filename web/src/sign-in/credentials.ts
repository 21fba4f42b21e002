import type { Client } from '../api/client.ts';

/** Who is signed in, in the memory of this page alone: a reload asks the cookie that the page itself cannot read. */
type Credentials = {
  token(): string | undefined;
  hold(given: { readonly token: string }): void;
  /** Asks for a new token; false if the person has to sign in again. At most one question is under way. */
  renew(call: Client): Promise<boolean>;
};

/** Returns what holds the token of a person who has signed in, in memory alone. */
export function createCredentials(): Credentials {
  let held: string | undefined;
  let renewal: Promise<boolean> | undefined;
  return {
    token: () => held,
    hold({ token }) {
      held = token;
    },
    renew(call) {
      renewal ??= call('renewToken')
        .then(
          ({ token }) => {
            held = token;
            return true;
          },
          () => {
            held = undefined;
            return false;
          },
        )
        .finally(() => {
          renewal = undefined;
        });
      return renewal;
    },
  };
}
