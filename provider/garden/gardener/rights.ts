/** Whether the user may watch a Shoot, checked before anything is written. */
import { UserError } from "../../model/problem";
import type { ShootRef } from "../../model/shoot";
import { at, root } from "../field";
import type { ApiClient } from "../http";
import { describeShoot } from "./api";

const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/** Where the rights cannot be reviewed, the watch itself fails later. */
export async function assertWatchable(client: ApiClient, ref: ShootRef): Promise<void> {
  const verbs = ["list", "watch"] as const;
  const granted = await Promise.all(verbs.map((verb) => isAllowed(client, ref, verb)));
  const missing = verbs.filter((_verb, index) => granted[index] === false);
  if (missing.length === 0) return;
  throw new UserError(
    "GU008",
    `${describeShoot(ref)}: the right to ${missing.join(" and ")} shoots in the namespace ${ref.namespace} is missing, ` +
      "which is needed to wait for the rollout. Nothing was written. Grant it, or set `rollout.wait: false`.",
  );
}

/** Undefined where it is not known. */
async function isAllowed(
  client: ApiClient,
  { namespace, name }: ShootRef,
  verb: string,
): Promise<boolean | undefined> {
  const resourceAttributes = { group: "core.gardener.cloud", resource: "shoots", verb, namespace, name };
  const value = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  };
  try {
    const body = { type: "application/json", value };
    const answer = await client.send({ method: "POST", path: REVIEWS, body, safe: true });
    if (answer.kind === "status") return undefined;
    const { value: allowed } = at(root("An access review", answer.body), "status", "allowed");
    return typeof allowed === "boolean" ? allowed : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
