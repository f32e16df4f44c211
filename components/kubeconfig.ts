/** A kubeconfig without credentials: an exec entry of this package fetches them when they are used. */
import type { ShootAccess } from "../provider/garden/garden";
import type { GardenLocation } from "../provider/model/declaration";
import { shootId, type Shoot } from "../provider/model/shoot";

/**
 * JSON, which is YAML too, in a fixed order: a Provider of pulumi-kubernetes compares the text.
 * `node -e` resolves the package from the working directory, which is the program's folder.
 */
export function kubeconfigFor(
  shoot: Shoot,
  access: ShootAccess | undefined,
  location: GardenLocation,
): string {
  const id = shootId(shoot.ref);
  return access === undefined ? brokenKubeconfig(id) : render(id, access, location);
}

/**
 * For a cluster whose address is not known: fails loudly when it is used, and says why by the name of
 * the host that is not found. An empty kubeconfig would send the workload to whatever cluster the
 * ambient KUBECONFIG names.
 */
export function brokenKubeconfig(shoot: string, why = "address-of-the-shoot-is-not-known"): string {
  return render(shoot, { server: `https://${why}.invalid` }, {});
}

function render(shoot: string, access: ShootAccess, location: GardenLocation): string {
  const { server, certificateAuthority } = access;
  const cluster = {
    server,
    ...(certificateAuthority !== undefined && {
      "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64"),
    }),
  };
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "node",
    args: ["-e", 'require("pulumi-gardener/credential").main()', "--", shoot, ...placeOf(location)],
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

/** As `credential/` reads it. */
function placeOf({ kubeconfig, context, cleura }: GardenLocation): readonly string[] {
  const named: readonly (readonly [string, string | undefined])[] = [
    ["--kubeconfig", kubeconfig],
    ["--context", context],
    ["--cleura-cloud", cleura?.cloud],
    ["--cleura-region", cleura?.region],
    ["--cleura-project-id", cleura?.projectId],
  ];
  const given = named.flatMap(([option, value]) => (value === undefined ? [] : [option, value]));
  return cleura === undefined ? given : ["--cleura", ...given];
}
