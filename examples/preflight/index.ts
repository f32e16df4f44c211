import * as pulumi from "@pulumi/pulumi";
import * as gardener from "pulumi-gardener";

const config = new pulumi.Config();

const shoot = { project: config.require("project"), name: config.require("shoot") };
const kubernetes = { version: config.require("kubernetesVersion") };

// Whatever blocks fails `pulumi preview`, and stops `pulumi up` before anything is written.
const preflight: gardener.PreflightArgs = {
  // Accepted until that day, and shown in each plan with its reason.
  waivers: [
    {
      check: gardener.PreflightCheck.PodDisruptionBudget,
      object: "shop/cart",
      until: "2999-12-31",
      reason: "the cart starts anew in seconds",
    },
  ],
  // The findings of a check may matter more, or less, than by default.
  severity: { drain: "info" },
};

const web = new gardener.ShootVersions("web", { shoot, kubernetes, preflight });

export const kubernetesVersion = web.kubernetesVersion;

// The same findings as data, such as for a report. In an update they are those from before it.
export const findings = gardener
  .getPreflightOutput({ shoot, kubernetes, preflight })
  .apply((found) =>
    found.findings.map(({ severity, check, object, waiver }) =>
      [severity, check, object.name, ...(waiver === undefined ? [] : [`waived until ${waiver.until}`])].join(
        " ",
      ),
    ),
  );
