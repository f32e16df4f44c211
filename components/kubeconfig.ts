/** The kubeconfig output: no credentials, but an exec entry that requests them when the kubeconfig is used. */
import { encodeOptions } from "../provider/declaration/location";
import type { ApiServer } from "../provider/lifecycle";
import type { GardenLocation } from "../provider/model/location";

/**
 * JSON, which is YAML too, in a fixed order: a Provider of pulumi-kubernetes compares the text. It contains
 * no path, so that it is the same on every machine. The command is found on PATH alone: nothing of a working
 * directory is executed.
 */
export function kubeconfigFor(shoot: string, apiServer: ApiServer, location: GardenLocation): string {
  const { server, certificateAuthority } = apiServer;
  const cluster = {
    server,
    ...(certificateAuthority !== undefined && {
      "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64"),
    }),
  };
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "pulumi-gardener",
    args: ["credential", shoot, ...encodeOptions(location)],
    installHint:
      "The command pulumi-gardener must be on PATH: npm install --global pulumi-gardener, or put the absolute path of " +
      "the program's node_modules/.bin there.",
    interactiveMode: "Never",
    provideClusterInfo: false,
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: shoot, cluster }],
    users: [{ name: shoot, user: { exec } }],
    contexts: [{ name: shoot, context: { cluster: shoot, user: shoot } }],
    "current-context": shoot,
  });
}
