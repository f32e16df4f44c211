/** The resource's lifecycle over plain JSON; knows no Pulumi type, so that another shell can serve it too. */
export { unknownAddress, type ApiServer, type FoundApiServer } from "./api-server";
export { check, readAndPlan } from "./check";
export { diff } from "./diff";
export { CheckedShoots, type LifecycleContext } from "./context";
export { awaitsWindow } from "./status";
export { create, remove, update } from "./perform";
export { read } from "./read";
export { isRollingOut, stateOfOutdatedNodes, verifyNodes, type NodeVersions } from "./verification";
export { refOf } from "./state";
