/** SelfSubjectAccessReview: may I? */
import { at, type JsonMap, map, textAt } from "../json";
import type { User, Users } from "./users";

export function review(users: Users, user: User, body: JsonMap): JsonMap {
  const asked = at(body, "spec", "resourceAttributes");
  const allowed = users.allowed(user, {
    verb: textAt(asked, "verb"),
    group: textAt(asked, "group"),
    resource: textAt(asked, "resource"),
    subresource: textAt(asked, "subresource"),
    namespace: textAt(asked, "namespace"),
    name: textAt(asked, "name"),
  });
  return {
    kind: "SelfSubjectAccessReview",
    apiVersion: "authorization.k8s.io/v1",
    metadata: { creationTimestamp: null },
    spec: map(body.spec),
    status: { allowed },
  };
}
