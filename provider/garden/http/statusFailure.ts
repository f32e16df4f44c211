/** Answers that no caller can continue with: a missing right, or something unexpected. */
import { UserError } from "../../model/problem";
import type { Connection } from "../connection";
import { capital, writeInDoubt } from "./connectionFailure";
import { isNoStatus, isRbacRefusal, type ApiStatus } from "./status";

export interface RequestedRight {
  /** RBAC's verb: get, list, watch, patch, create. */
  readonly verb: string;
  /** RBAC's resource: `shoots`, `shoots/viewerkubeconfig`. */
  readonly resource: string;
  readonly namespace?: string;
  /** For messages: `Shoot garden-demo/web`. */
  readonly subject: string;
}

export function statusFailure(status: ApiStatus, request: RequestedRight, connection: Connection): UserError {
  if (isRbacRefusal(status)) return missingRight(status, request, connection);
  const failure = new UserError(
    "GU013",
    `${request.subject}: ${connection.description} answered ${status.code}${status.reason === "" ? "" : ` ${status.reason}`} ` +
      `to ${request.verb} ${request.resource}${status.message === "" ? "" : `: ${status.message}`}`,
    { retryable: status.code >= 500 || isNoStatus(status) },
  );
  return status.writeOutcome === undefined ? failure : writeInDoubt(failure);
}

function missingRight(status: ApiStatus, request: RequestedRight, connection: Connection): UserError {
  const where = request.namespace === undefined ? "cluster-wide" : `in the namespace ${request.namespace}`;
  const hints = [
    request.namespace?.startsWith("garden") === false
      ? ` A project's namespace is called garden-<project> as a rule; one that does not exist is refused in the same way.`
      : "",
    status.message.includes('"system:anonymous"') ? " The kubeconfig's user holds no credentials." : "",
  ];
  return new UserError(
    "GU008",
    `${request.subject}: the right to ${request.verb} ${request.resource} ${where} is missing. Grant it, then run again.${hints.join("")} ` +
      `${capital(connection.description)} reports: ${status.message}`,
  );
}
