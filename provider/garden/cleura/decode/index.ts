export { decodeCloudProfile } from "./cloudprofile";
export { decodeKubeconfig, type IssuedKubeconfig } from "./kubeconfig";
export { decodeReadiness } from "./readiness";
export { decodePoolSettings, decodeShoot, findNamed, namesIn, objectsIn } from "./shoot";
