import * as pulumi from "@pulumi/pulumi";
import * as gardener from "pulumi-gardener";

const config = new pulumi.Config();

const web = new gardener.ShootVersions("web", {
  shoot: { project: config.require("project"), name: config.require("shoot") },
  kubernetes: { version: config.require("kubernetesVersion") },
  machineImage: { version: config.require("machineImage") },
  // Waivers for findings of the preflight checks, where there are any: examples/preflight has some.
  preflight: config.getObject<gardener.PreflightArgs>("preflight"),
});

export const kubernetesVersion = web.kubernetesVersion;
export const workers = web.workers;
export const state = web.state;
