export { decodeCloudProfile, decodeNamespacedCloudProfile } from "./cloudprofile";
export { decodeNode, POOL_LABEL, withoutV } from "./node";
export { decodeShoot } from "./shoot";
