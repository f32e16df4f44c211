export { createApiClient, defaultClientSettings } from "./client";
export type { ApiAnswer, ApiClient, ApiRequest, ClientSettings } from "./client";
export {
  lineFailure,
  statusFailure,
  unreachableFailure,
  writeInDoubt,
  type Asked,
  type LineTo,
} from "./failure";
export { defaultFollowSettings, follow, type FollowSettings, type Target } from "./follow";
export { isRbacRefusal, type ApiStatus } from "./status";
export { createLifetime, exchange, onOwnLine, readAll } from "./transport";
export { userAgent } from "./user-agent";
