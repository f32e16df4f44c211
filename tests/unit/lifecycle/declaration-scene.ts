/** Declarations that are checked in a preview against the clusters of bad-input-world.ts, without a server. */
import { check } from "../../../provider/lifecycle";
import { decodeCloudProfile, decodeShoot } from "../../../provider/garden/gardener/decode";
import type { Classification } from "../../../provider/model/cloudprofile";
import { map, type JsonMap } from "../../../sandbox/json";
import { CLOUD_PROFILE } from "../../../sandbox/fixtures/demo";
import { aVersion } from "../builders";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";
import { badInputWorld } from "./bad-input-world";

export interface PreviewOptions {
  /** The resource's name. */
  readonly name?: string;
  /** Inputs of an adopted cluster, as an earlier check returned them. */
  readonly olds?: unknown;
  readonly context?: FakeContext;
}

export interface PreviewResult {
  /** One for each failure, as the engine shows them. */
  readonly messages: readonly string[];
  /** Messages besides the failures: `warning [GU043] …`. */
  readonly logged: readonly string[];
  readonly inputs: unknown;
}

export interface DeclarationScene {
  readonly garden: FakeGarden;
  preview(declaration: unknown, options?: PreviewOptions): Promise<PreviewResult>;
  context(): FakeContext;
  /** Offers the Kubernetes version with another classification. */
  offer(version: string, classification: Classification): void;
}

export function createDeclarationScene(): DeclarationScene {
  const now = new Date();
  const objects = badInputWorld(now);
  const garden = new FakeGarden();
  garden.shoot = undefined;
  garden.others = ofKind(objects, "Shoot").map((object, index) =>
    decodeShoot({
      ...object,
      metadata: { uid: `uid-${index}`, resourceVersion: "1", generation: 1, ...map(object.metadata) },
    }),
  );
  const [profile] = ofKind(objects, "CloudProfile");
  garden.profile = decodeCloudProfile(CLOUD_PROFILE, profile);
  const context = () => ({
    ...aContext(garden),
    clock: { now: () => now, sleep: () => new Promise<void>(() => undefined) },
  });
  return {
    garden,
    context,
    async preview(declaration, options = {}) {
      const on = options.context ?? context();
      const { failures, inputs } = await check(on, options.olds ?? {}, {
        declaration,
        run: {
          reportTo: `urn:pulumi:test::test::gardener:index:ShootVersions::${options.name ?? "web"}`,
          preview: true,
        },
      });
      return {
        messages: failures.map(({ property, reason }) => `${property}${reason}`),
        logged: on.messages.map(({ severity, message }) => `${severity} ${message}`),
        inputs,
      };
    },
    offer(version, classification) {
      const kubernetesVersions = garden.profile.kubernetesVersions.map((offered) =>
        offered.version === version ? aVersion(version, classification) : offered,
      );
      garden.profile = { ...garden.profile, kubernetesVersions };
    },
  };
}

function ofKind(objects: readonly JsonMap[], kind: string): readonly JsonMap[] {
  return objects.filter((object) => object.kind === kind);
}
