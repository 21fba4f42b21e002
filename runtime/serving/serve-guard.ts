import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type ServeGuard = {
  /** What a person types or clicks to come in. It holds as long as the server runs. */
  readonly token: string;
  /** Returns a code that comes in once, within a minute: the address of a started browser is seen by every process. */
  codeForOnce(): string;
  /** Whether a text of an address is the token or a code. */
  admits(text: string): boolean;
  /** The Set-Cookie header of somebody who came in. */
  cookie(): string;
  /** The Set-Cookie header of somebody who goes out. */
  endedCookie(): string;
  /** Whether a request is of somebody who came in, by the cookie, or by the token or a cookie's value as a bearer. */
  knows(headers: IncomingHttpHeaders): boolean;
};

const DAYS = 7;
const CODE_MS = 60_000;

/** Lets one person in, by a token that is made when the server starts. Cookies are told apart by the port, which they are not by browsers. */
export function serveGuard(port: number, now: () => number): ServeGuard {
  const secret = randomBytes(32);
  const token = randomBytes(24).toString('base64url');
  const name = `reelmill-${port}`;
  const codes = new Map<string, number>();
  const signed = (expires: string) => createHmac('sha256', secret).update(expires).digest('base64url');
  const isSession = (value: string) => {
    const [, expires = '', signature = ''] = /^(\d{1,15})\.([\w-]+)$/.exec(value) ?? [];
    return isEqual(signature, signed(expires)) && Number(expires) > now();
  };
  return {
    token,
    codeForOnce() {
      const code = randomBytes(24).toString('base64url');
      codes.set(code, now() + CODE_MS);
      return code;
    },
    admits(text) {
      const until = codes.get(text);
      codes.delete(text);
      return isEqual(text, token) || (until !== undefined && until > now());
    },
    cookie() {
      const expires = `${now() + DAYS * 86_400_000}`;
      return `${name}=${expires}.${signed(expires)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${DAYS * 86_400}`;
    },
    endedCookie: () => `${name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`,
    knows({ cookie = '', authorization = '' }) {
      const [, bearer = ''] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
      if (bearer !== '') return isEqual(bearer, token) || isSession(bearer);
      return cookie.split(/; */).some((each) => each.startsWith(`${name}=`) && isSession(each.slice(name.length + 1)));
    },
  };
}

/**
 * Returns why a request is not answered at all: a foreign page may reach this server by a name of its own that leads here
 * (DNS rebinding), or have the browser send something to it. Undefined if the request is ours.
 */
export function foreignFault(
  port: number,
  { method = 'GET', headers }: { readonly method?: string | undefined; readonly headers: IncomingHttpHeaders },
): string | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  const { host = '', origin } = headers;
  if (!hosts.includes(host.toLowerCase()))
    return `this server answers at ${hosts[0]} and ${hosts[1]} only, and not at ${JSON.stringify(host.slice(0, 100))}; open the address that the terminal shows`;
  if (origin !== undefined && !hosts.some((each) => origin === `http://${each}`))
    return 'a page of another site asked for this, which is refused; open the address that the terminal shows';
  const site = headers['sec-fetch-site'];
  const changes = method !== 'GET' && method !== 'HEAD';
  if (changes && origin === undefined && (site === 'cross-site' || site === 'same-site'))
    return 'a page of another site asked for this, which is refused; open the address that the terminal shows';
  return undefined;
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
