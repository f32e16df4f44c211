export { createApiClient, defaultClientSettings } from "./client";
export type { ApiAnswer, ApiClient, ApiRequest, ClientSettings } from "./client";
export { statusFailure, type Asked } from "./failure";
export { isRbacRefusal, type ApiStatus } from "./status";
