export { createApiClient, defaultClientSettings } from "./client";
export type { ApiAnswer, ApiClient, ApiRequest, ClientSettings } from "./client";
export {
  connectionFailure,
  statusFailure,
  unreachableFailure,
  writeInDoubt,
  type RequestedRight,
  type ServerDescription,
} from "./failure";
export { defaultWatchSettings, listAndWatch, type WatchSettings, type WatchTarget } from "./listWatch";
export { isRbacRefusal, type ApiStatus } from "./status";
export { createRequestScope, exchange, onOwnConnection, readAll } from "./transport";
export { userAgent } from "./user-agent";
