/** A kubeconfig's user, in all forms of credentials. */
import { isAbsolute } from "node:path";
import { isRecord } from "../../model/json";
import { malformed, materialOf, quote, textOf, type Json, type Material } from "./entry";

export interface ExecPlugin {
  readonly apiVersion?: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly provideClusterInfo: boolean;
}

export type Identity = {
  readonly clientCertificate?: Material;
  readonly clientKey?: Material;
  /** `as` and `as-groups`. */
  readonly impersonate?: { readonly user: string; readonly groups: readonly string[] };
} & (
  | { readonly kind: "plain"; readonly token?: Material }
  | { readonly kind: "exec"; readonly plugin: ExecPlugin }
  | { readonly kind: "authProvider"; readonly name: string; readonly provider: Json }
);

interface IdentityContext {
  readonly name: string;
  readonly origin: string;
  readonly resolvePath: (path: string) => string;
}

export function decodeUser(user: Json, context: IdentityContext): Identity {
  const { origin, resolvePath } = context;
  if (textOf(user, "username") !== undefined || textOf(user, "password") !== undefined) {
    throw malformed(
      origin,
      `its user ${quote(context.name)} has a username and password, which no API server accepts since Kubernetes 1.19. ` +
        "Use a client certificate, a token or an exec plugin",
    );
  }
  const common = {
    clientCertificate: materialOf(user, "client-certificate", origin, resolvePath),
    clientKey: materialOf(user, "client-key", origin, resolvePath),
    impersonate: decodeImpersonation(user, context),
  };
  const exec = user["exec"];
  if (isRecord(exec)) return { ...common, kind: "exec", plugin: decodePlugin(exec, context) };
  const provider = user["auth-provider"];
  if (isRecord(provider)) {
    return { ...common, kind: "authProvider", name: textOf(provider, "name") ?? "without a name", provider };
  }
  return { ...common, kind: "plain", token: tokenOf(user, resolvePath) };
}

/** As in client-go, tokenFile, which is renewed, overrides token. */
function tokenOf(user: Json, resolvePath: (path: string) => string): Material | undefined {
  const path = textOf(user, "tokenFile");
  if (path !== undefined) return { kind: "file", path: resolvePath(path) };
  const token = textOf(user, "token");
  return token === undefined ? undefined : { kind: "text", text: token };
}

function decodeImpersonation(user: Json, context: IdentityContext): Identity["impersonate"] {
  // Ignoring them would send requests with other rights than configured.
  const unsupported = ["as-uid", "as-user-extra"].find((key) => user[key] !== undefined);
  if (unsupported !== undefined) {
    throw malformed(
      context.origin,
      `its user ${quote(context.name)} sets ${unsupported}, which is not supported`,
    );
  }
  const name = textOf(user, "as");
  return name === undefined ? undefined : { user: name, groups: stringsOf(user["as-groups"]) };
}

function decodePlugin(exec: Json, context: IdentityContext): ExecPlugin {
  const command = textOf(exec, "command");
  if (command === undefined)
    throw malformed(context.origin, `its user ${quote(context.name)} has an exec without a command`);
  if (exec["interactiveMode"] === "Always") {
    throw malformed(
      context.origin,
      `the exec plugin of its user ${quote(context.name)} requires a terminal (interactiveMode: Always), which the provider does not have`,
    );
  }
  const env: readonly unknown[] = Array.isArray(exec["env"]) ? exec["env"] : [];
  return {
    apiVersion: textOf(exec, "apiVersion"),
    // A name without a slash is searched on the PATH; a relative path starts at the kubeconfig's folder.
    command: /[/\\]/.test(command) && !isAbsolute(command) ? context.resolvePath(command) : command,
    args: stringsOf(exec["args"]),
    env: env.filter(isRecord).flatMap((entry) => {
      const name = textOf(entry, "name");
      return name === undefined ? [] : [{ name, value: textOf(entry, "value") ?? "" }];
    }),
    provideClusterInfo: exec["provideClusterInfo"] === true,
  };
}

function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
