/** A server of before version 2: other paths, other bodies, and Shoots nearly as Gardener has them. */
import { at, clone, type JsonMap, map, textAt } from "../json";
import { noSuchPath, notFound } from "./failure";
import type { Answer, Call, Route, RouteParts } from "./routes";

/** Logging in and reading; enough to distinguish it from version 2. */
export function createV1Route({ identities, shoots, project }: RouteParts): Route {
  function tokens({ method, steps, body, credentials }: Call): Answer {
    const what = `${method} ${steps.slice(2).join("/")}`;
    if (what === "POST tokens") return { code: 200, body: identities.login(at(body, "auth")) };
    if (what !== "POST tokens/validate" && what !== "DELETE tokens") throw noSuchPath();
    identities.authenticate(credentials);
    if (method === "DELETE") identities.revoke(credentials);
    return { code: 204 };
  }

  function gardener({ method, steps, credentials }: Call): Answer {
    identities.authenticate(credentials);
    identities.authorize(credentials.login);
    const [, , cloud, kind, region = "", projectId, name, ...rest] = steps;
    if (method !== "GET" || cloud !== project.cloud || kind !== "shoot" || rest.length > 0)
      throw noSuchPath();
    if (region !== project.region.toLowerCase() || projectId !== project.projectId) throw notFound("Project");
    if (name === undefined) return { code: 200, body: shoots.list().map(trimmed) };
    return { code: 200, body: trimmed(shoots.get(name)) };
  }

  return (call) => {
    const [service, version] = call.steps;
    if (version === "v1" && service === "auth") return tokens(call);
    if (version === "v1" && service === "gardener") return gardener(call);
    throw noSuchPath();
  };
}

function trimmed(shoot: JsonMap): JsonMap {
  return {
    metadata: { name: textAt(shoot, "metadata", "name"), uid: textAt(shoot, "metadata", "uid") },
    spec: clone(map(shoot.spec)),
    status: clone(map(shoot.status)),
  };
}
