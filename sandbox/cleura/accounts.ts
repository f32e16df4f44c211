/** Who may call Cleura's API: accounts, their tokens, and how tokens die. */
import { randomBytes } from "node:crypto";
import { type Json, type JsonMap, text, textAt } from "../json";
import { deadToken, forbiddenIp, malformed, noPrivilege, Refusal } from "./failure";

export interface Account {
  readonly username: string;
  readonly password: string;
  /** One that was made beforehand, as in the control panel. */
  readonly token: string;
}

/** One of each kind that a client may meet. */
export interface Accounts {
  readonly plain: Account;
  /** Logs in with a code that comes by SMS. */
  readonly secondFactor: Account;
  /** Has to choose between an SMS and a key. */
  readonly secondFactors: Account;
  readonly withoutRights: Account;
  /** May not call from this address. */
  readonly restricted: Account;
}

/** How long a token lives; without either: until it is expired or revoked. */
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
  /** The answer to a login with its status. */
  login(body: Json | undefined): JsonMap;
  /** Throws where login and token do not belong together, a 403 for the address; uses the token once. */
  authenticate(credentials: Credentials): void;
  /** Throws a 403 where the account may not do anything in Gardener. */
  authorize(login: string): void;
  revoke(credentials: Credentials): void;
  /** Who it is that logs in. */
  profile(login: string): JsonMap;
  issue(username: string): string;
  expire(): void;
}

interface Token {
  readonly login: string;
  readonly dies: number;
  usesLeft: number;
}

type Kind = keyof Accounts;

const METHODS: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  secondFactor: ["sms"],
  secondFactors: ["sms", "webauthn"],
};

const secret = (): string => randomBytes(24).toString("base64url");

export function createIdentities(life: TokenLife, dead: 401 | 403): Identities {
  const tokens = new Map<string, Token>();

  function issue(login: string): string {
    const token = secret();
    tokens.set(token, {
      login,
      dies: performance.now() + (life.milliseconds ?? Infinity),
      usesLeft: life.requests ?? Infinity,
    });
    return token;
  }

  const account = (username: string): Account => ({
    username,
    password: secret(),
    token: issue(username),
  });
  const accounts: Accounts = {
    plain: account("pulumi"),
    secondFactor: account("with-second-factor"),
    secondFactors: account("with-second-factors"),
    withoutRights: account("without-rights"),
    restricted: account("restricted"),
  };
  const kinds: readonly Kind[] = ["plain", "secondFactor", "secondFactors", "withoutRights", "restricted"];
  const kindOf = (login: string): Kind | undefined => kinds.find((kind) => accounts[kind].username === login);

  return {
    accounts,
    issue,
    login(body) {
      const login = textAt(body, "login");
      const password = textAt(body, "password");
      const missing = [...(login === "" ? ["login"] : []), ...(password === "" ? ["password"] : [])];
      if (missing.length > 0) throw malformed(missing.map((key) => ({ key, value: "must be given" })));
      const kind = kindOf(login);
      if (kind === undefined || accounts[kind].password !== password) {
        throw new Refusal(401, "Invalid login or password");
      }
      if (kind === "restricted") throw forbiddenIp();
      const methods = METHODS[kind] ?? [];
      if (methods.length === 0) return { result: "login_ok", token: issue(login) };
      return secondFactor(methods, textAt(body, "two_factor_method"));
    },
    authenticate({ login, token }) {
      const known = tokens.get(token);
      if (known?.login !== login) throw deadToken(dead);
      known.usesLeft -= 1;
      if (known.usesLeft < 0 || performance.now() >= known.dies) {
        tokens.delete(token);
        throw deadToken(dead);
      }
      if (kindOf(login) === "restricted") throw forbiddenIp();
    },
    authorize(login) {
      if (kindOf(login) === "withoutRights") throw noPrivilege();
    },
    revoke({ token }) {
      tokens.delete(token);
    },
    profile(name) {
      return {
        id: kinds.findIndex((kind) => accounts[kind].username === name) + 1,
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
  const type = chosen === "" ? text(methods[0]) : chosen;
  if (!methods.includes(type))
    throw malformed([{ key: "two_factor_method", value: `must be one of ${methods.join(", ")}` }]);
  return { result: "twofactor_required", type, verification: secret() };
}
