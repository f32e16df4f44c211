import * as pulumi from "@pulumi/pulumi";
import * as gardener from "pulumi-gardener";

const config = new pulumi.Config();
const projects = config.requireObject<string[]>("projects");
const waves = ["canary", "staging", "production"];

export = async () => {
  const found = await Promise.all(
    projects.map(async (project) => {
      const { shoots } = await gardener.getShoots({ project });
      return shoots.map((shoot) => ({ ...shoot, project }));
    }),
  );
  const shoots = found.flat();

  // A Shoot of no wave would not be upgraded, and an empty wave lets the next one start at once.
  const unknown = shoots.filter(({ labels }) => !waves.includes(labels["wave"] ?? ""));
  if (unknown.length > 0) {
    const names = unknown.map(({ namespace, name }) => `${namespace}/${name}`).join(", ");
    throw new pulumi.RunError(`The label "wave" must be one of ${waves.join(", ")}: ${names}`);
  }

  const declare = (wave: string, version: pulumi.Input<string>, rollout: gardener.RolloutArgs = {}) =>
    shoots
      .filter(({ labels }) => labels["wave"] === wave)
      .map(
        ({ project, namespace, name }) =>
          new gardener.ShootVersions(`${project}-${name}`, {
            shoot: { namespace, name },
            kubernetes: { version },
            rollout,
          }),
      );

  // At once.
  const canaries = declare("canary", config.require("kubernetesVersion"));
  const [canary] = canaries;
  if (canary === undefined) throw new pulumi.RunError('No Shoot has the label "wave=canary".');

  // The version of the canary, also where a newer patch is offered since it was upgraded.
  const version = canary.target.apply(({ kubernetesVersion }) => kubernetesVersion);

  // A day after all canaries.
  const staging = declare("staging", version, {
    after: canaries.map(({ completedAt }) => completedAt),
    soak: "24h",
  });

  // Two days after that, each in its maintenance window.
  const production = declare("production", version, {
    after: [...canaries, ...staging].map(({ completedAt }) => completedAt),
    soak: "2d",
    when: "maintenanceWindow",
    skipHibernated: true,
  });

  return {
    version,
    pending: pulumi
      .all([...canaries, ...staging, ...production].map(({ state }) => state))
      .apply((states) => states.filter((state) => state !== "upToDate").length),
  };
};
