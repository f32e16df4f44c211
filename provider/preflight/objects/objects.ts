/** The objects of a Shoot that the checks evaluate. */
import type { ApiUses } from "./apiUse";
import type { EndpointSlice, Service } from "./backend";
import type { PodDisruptionBudget } from "./budget";
import type { ApiService, CustomResourceDefinition } from "./extensions";
import type { Listed } from "./listed";
import type { Metadata } from "./metadata";
import type { Node } from "./node";
import type { Pod } from "./pod";
import type { PersistentVolume, StatefulSet } from "./volumes";
import type { WebhookConfiguration } from "./webhook";

export interface ClusterObjects {
  readonly nodes: Listed<Node>;
  readonly pods: Listed<Pod>;
  readonly budgets: Listed<PodDisruptionBudget>;
  readonly statefulSets: Listed<StatefulSet>;
  readonly volumes: Listed<PersistentVolume>;
  readonly namespaces: Listed<Metadata>;
  readonly services: Listed<Service>;
  readonly endpointSlices: Listed<EndpointSlice>;
  readonly validatingWebhooks: Listed<WebhookConfiguration>;
  readonly mutatingWebhooks: Listed<WebhookConfiguration>;
  readonly crds: Listed<CustomResourceDefinition>;
  readonly apiServices: Listed<ApiService>;
  readonly apiUses: ApiUses;
}
