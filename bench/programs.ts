/** The program that is measured. */
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as gardener from "pulumi-gardener";
import { projectNames, shootNames } from "./names";

/** Which Shoots of which gardens a program declares. */
export interface Landscape {
  /** Of each project. */
  readonly shoots: number;
  /** Of each garden. */
  readonly projects: number;
  readonly gardens: number;
}

export const shootsOf = ({ shoots, projects, gardens }: Landscape): number => shoots * projects * gardens;

/** @param kubeconfigs of the gardens. */
export function shootVersions(
  landscape: Landscape,
  version: string,
  kubeconfigs: readonly string[],
): PulumiFn {
  return () => {
    for (const [index, kubeconfig] of kubeconfigs.entries()) {
      for (const project of projectNames(landscape.projects)) {
        for (const name of shootNames(landscape.shoots)) {
          new gardener.ShootVersions(`${project}-${name}-${String(index)}`, {
            shoot: { project, name },
            garden: { kubeconfig },
            kubernetes: { version },
          });
        }
      }
    }
    return Promise.resolve();
  };
}
