import * as pulumi from "@pulumi/pulumi";
import * as gardener from "pulumi-gardener";

const config = new pulumi.Config();
const project = config.require("project");
const soak = config.require("soak");
const machineImage = { version: config.require("machineImage") };

const canary = new gardener.ShootVersions("canary", {
  shoot: { project, name: "canary" },
  kubernetes: { version: config.require("kubernetesVersion") },
  machineImage,
});

// The version that the canary runs, so that a patch between two waves does not make them different.
const kubernetes = { version: canary.target.apply(({ kubernetesVersion }) => kubernetesVersion) };

const staging = new gardener.ShootVersions("staging", {
  shoot: { project, name: "staging" },
  kubernetes,
  machineImage,
  rollout: { after: [canary.completedAt], soak },
});

const production = new gardener.ShootVersions("production", {
  shoot: { project, name: "production" },
  kubernetes,
  machineImage,
  rollout: { after: [staging.completedAt], soak, when: "maintenanceWindow" },
});

export const states = { canary: canary.state, staging: staging.state, production: production.state };
