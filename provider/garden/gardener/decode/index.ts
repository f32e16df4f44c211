export { decodeCloudProfile, decodeNamespacedCloudProfile } from "./cloudprofile";
export { decodeShoot } from "./shoot";
