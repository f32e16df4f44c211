export { createClientLibrary, keepAliveAgent } from "./clientLibrary";
export { describeProxy, proxyFor } from "./proxy";
export { openConnection, type Connection } from "./connection";
export { parseKubeconfig } from "./kubeconfig";
export { resolveConnection, type ConnectionSource, type ConnectionSources } from "./source";
