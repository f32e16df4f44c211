/** Who may call Cleura's API: accounts and their tokens. */
import { randomBytes } from "node:crypto";
import { type Json, type JsonMap, textAt } from "../json";
import { invalidToken, malformed, noPrivilege, Refusal } from "./failure";

export interface Account {
  readonly username: string;
  readonly password: string;
  /** One that was created beforehand, as in the control panel. */
  readonly token: string;
}

export interface Credentials {
  readonly login: string;
  readonly token: string;
}

export type Identities = ReturnType<typeof createIdentities>;

const secret = (): string => randomBytes(24).toString("base64url");

/** `requestsPerToken`: for how many requests a token is valid. */
export function createIdentities(requestsPerToken = Infinity) {
  const tokens = new Map<string, { readonly login: string; requestsLeft: number }>();

  function issue(login: string): string {
    const token = secret();
    tokens.set(token, { login, requestsLeft: requestsPerToken });
    return token;
  }
  const account = (username: string): Account => ({ username, password: secret(), token: issue(username) });
  const accounts = {
    plain: account("pulumi"),
    /** Logs in with a code that is sent by SMS. */
    secondFactor: account("with-second-factor"),
    /** Has to choose between an SMS and a key. */
    secondFactors: account("with-second-factors"),
    withoutRights: account("without-rights"),
  };

  return {
    accounts,
    issue,
    login(body: Json | undefined): JsonMap {
      const login = textAt(body, "login");
      const missing = ["login", "password"].filter((key) => textAt(body, key) === "");
      if (missing.length > 0) throw malformed(missing.map((key) => ({ key, value: "must be given" })));
      const known = Object.values(accounts).find((one) => one.username === login);
      if (known?.password !== textAt(body, "password")) throw new Refusal(401, "Invalid login or password");
      if (login === accounts.secondFactors.username && textAt(body, "two_factor_method") === "") {
        return { result: "twofactor_options", options: ["sms", "webauthn"] };
      }
      if (login === accounts.secondFactor.username || login === accounts.secondFactors.username) {
        const type = textAt(body, "two_factor_method") || "sms";
        return { result: "twofactor_required", type, verification: secret() };
      }
      return { result: "login_ok", token: issue(login) };
    },
    /** Refuses where login and token do not belong together; counts as a use of the token. */
    authenticate({ login, token }: Credentials): void {
      const known = tokens.get(token);
      if (known?.login !== login || known.requestsLeft <= 0) throw invalidToken();
      known.requestsLeft -= 1;
    },
    /** Refuses where the account may not do anything in Gardener. */
    authorize(login: string): void {
      if (login === accounts.withoutRights.username) throw noPrivilege();
    },
    revoke({ token }: Credentials): void {
      tokens.delete(token);
    },
    expire(): void {
      tokens.clear();
    },
  };
}
