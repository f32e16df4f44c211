/** Who may call Cleura's API: accounts, and tokens with their limits. */
import { randomBytes } from "node:crypto";
import { type Json, type JsonMap, textAt } from "../json";
import { forbiddenIp, invalidToken, malformed, noPrivilege, Refusal } from "./failure";

export interface Account {
  readonly username: string;
  readonly password: string;
  /** One that was created beforehand, as in the control panel. */
  readonly token: string;
}

/** Names of the accounts, one of each kind that a client may meet. */
const USERNAMES = {
  plain: "pulumi",
  /** Logs in with a code that is sent by SMS. */
  secondFactor: "with-second-factor",
  /** Has to choose between an SMS and a key. */
  secondFactors: "with-second-factors",
  withoutRights: "without-rights",
  /** May not call from this address. */
  restricted: "restricted",
} as const;

export type Accounts = Readonly<Record<keyof typeof USERNAMES, Account>>;

/** How long a token is valid; without either: until it is expired or revoked. */
export interface TokenLife {
  readonly requests?: number;
  readonly milliseconds?: number;
}

export interface Credentials {
  readonly login: string;
  readonly token: string;
}

export interface Identities {
  readonly accounts: Accounts;
  /** Answers a login. */
  login(body: Json | undefined): JsonMap;
  /** Throws where login and token do not belong together, and a 403 for the address; counts as a use of the token. */
  authenticate(credentials: Credentials): void;
  /** Throws a 403 where the account may not do anything in Gardener. */
  authorize(login: string): void;
  revoke(credentials: Credentials): void;
  /** The current user. */
  profile(login: string): JsonMap;
  issue(username: string): string;
  expire(): void;
}

interface Token {
  readonly login: string;
  readonly validUntil: number;
  usesLeft: number;
}

const METHODS: Readonly<Record<string, readonly string[] | undefined>> = {
  [USERNAMES.secondFactor]: ["sms"],
  [USERNAMES.secondFactors]: ["sms", "webauthn"],
};

const secret = (): string => randomBytes(24).toString("base64url");

export function createIdentities(life: TokenLife, refusedToken: 401 | 403): Identities {
  const tokens = new Map<string, Token>();

  function issue(login: string): string {
    const token = secret();
    const validUntil = performance.now() + (life.milliseconds ?? Infinity);
    tokens.set(token, { login, validUntil, usesLeft: life.requests ?? Infinity });
    return token;
  }
  const account = (username: string) => ({ username, password: secret(), token: issue(username) });
  const accounts: Accounts = {
    plain: account(USERNAMES.plain),
    secondFactor: account(USERNAMES.secondFactor),
    secondFactors: account(USERNAMES.secondFactors),
    withoutRights: account(USERNAMES.withoutRights),
    restricted: account(USERNAMES.restricted),
  };

  return {
    accounts,
    issue,
    login(body) {
      const login = textAt(body, "login");
      const password = textAt(body, "password");
      const missing = ["login", "password"].filter((key) => textAt(body, key) === "");
      if (missing.length > 0) throw malformed(missing.map((key) => ({ key, value: "must be given" })));
      const known = Object.values(accounts).find((one) => one.username === login);
      if (known?.password !== password) throw new Refusal(401, "Invalid login or password");
      if (login === USERNAMES.restricted) throw forbiddenIp();
      const methods = METHODS[login];
      if (methods === undefined) return { result: "login_ok", token: issue(login) };
      return secondFactor(methods, textAt(body, "two_factor_method"));
    },
    authenticate({ login, token }) {
      const known = tokens.get(token);
      if (known?.login !== login) throw invalidToken(refusedToken);
      known.usesLeft -= 1;
      if (known.usesLeft < 0 || performance.now() >= known.validUntil) {
        tokens.delete(token);
        throw invalidToken(refusedToken);
      }
      if (login === USERNAMES.restricted) throw forbiddenIp();
    },
    authorize(login) {
      if (login === USERNAMES.withoutRights) throw noPrivilege();
    },
    revoke({ token }) {
      tokens.delete(token);
    },
    profile(name) {
      return {
        id: Object.values(accounts).findIndex(({ username }) => username === name) + 1,
        name,
        admin: false,
        privileges: {},
        currency: { id: 1, code: "SEK", name: "Swedish krona" },
        ip_restrictions: [],
        auth_provider_id: 1,
      };
    },
    expire() {
      tokens.clear();
    },
  };
}

function secondFactor(methods: readonly string[], chosen: string): JsonMap {
  if (chosen === "" && methods.length > 1) return { result: "twofactor_options", options: [...methods] };
  const type = chosen || (methods[0] ?? "");
  if (methods.includes(type)) return { result: "twofactor_required", type, verification: secret() };
  throw malformed([{ key: "two_factor_method", value: `must be one of ${methods.join(", ")}` }]);
}
