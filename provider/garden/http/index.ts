export type { ApiAnswer } from "./answer";
export { createApiClient, defaultClientSettings } from "./client";
export type { ApiClient, ClientSettings } from "./client";
export {
  connectionFailure,
  unreachableFailure,
  writeInDoubt,
  type ServerDescription,
} from "./connectionFailure";
export { defaultWatchSettings, listAndWatch, type WatchSettings } from "./listWatch";
export { readPages, SMALL_PAGE } from "./pages";
export type { ApiRequest } from "./request";
export { isRetryableStatus } from "./retry";
export { isRbacRefusal, type ApiStatus } from "./status";
export { statusFailure } from "./statusFailure";
export { createRequestScope, exchange, onOwnConnection, readAll } from "./transport";
export { userAgent } from "./userAgent";
export type { WatchTarget } from "./watch";
