/** The resource's lifecycle over plain JSON; knows no Pulumi type, so that another shell can serve it too. */
export { unknownAddress, type ApiServer, type FoundApiServer } from "./api-server";
export { check, look } from "./check";
export { diff } from "./diff";
export { Memory, type Host } from "./host";
export { awaitsWindow, atRest, filled, running } from "./live";
export { create, remove, update } from "./perform";
export { read } from "./read";
export { isRollingOut, stateOfOldNodes, verifyNodes, type NodeVersions } from "./verification";
export { refOf, sameTarget } from "./state";
