import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as gardener from "pulumi-gardener";

const config = new pulumi.Config();

const web = new gardener.ShootVersions("web", {
  shoot: { project: config.require("project"), name: config.require("shoot") },
  kubernetes: { version: config.require("kubernetesVersion") },
});

// The kubeconfig holds no credential: it asks the garden for one when it is used. The identifier
// tells the provider that an upgraded cluster is still the same cluster.
const cluster = new kubernetes.Provider("web", {
  kubeconfig: web.kubeconfig,
  clusterIdentifier: web.shootUid,
});

// Waits for the upgrade, then deploys.
const settings = new kubernetes.core.v1.ConfigMap(
  "settings",
  {
    metadata: { namespace: "default", name: "settings" },
    data: { kubernetesVersion: web.kubernetesVersion },
  },
  { provider: cluster },
);

export const deployed = settings.metadata.name;
