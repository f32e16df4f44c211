export { createApiClient, defaultClientSettings } from "./client";
export type { ApiAnswer, ApiClient, ApiRequest, ClientSettings } from "./client";
export { statusFailure, type Asked } from "./failure";
export { defaultFollowSettings, follow, type FollowSettings, type Target } from "./follow";
export { isRbacRefusal, type ApiStatus } from "./status";
