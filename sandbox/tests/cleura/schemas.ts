/** The objects that the sandbox shows as Cleura's own description of its API has them (June 2026). */
import { boolean, dateTime, integer, listOf, object, oneOf, optional, string, type Shape } from "./shape";

const named = object({ name: string });

export const error = object({
  error: object({
    code: integer,
    message: string,
    errors: optional(listOf(object({ key: string, value: string }))),
  }),
});

const factor = oneOf("sms", "webauthn");

export const login = object({
  result: oneOf("login_ok", "twofactor_options", "twofactor_required"),
  token: optional(string),
  type: optional(factor),
  verification: optional(string),
  options: optional(listOf(factor)),
});

export const upgradeConditions = object({
  outcome: oneOf("Success", "ready", "not_ready", "pending"),
  details: listOf(string),
  upgrade_notes: optional(string),
});

export const kubeconfig = object({ kubeconfig: string, expires_at: dateTime });

const version = {
  version: string,
  classification: optional(oneOf("deprecated", "supported", "preview")),
  expiration_date: optional(dateTime),
};

export const cloudProfile = object({
  name: string,
  type: string,
  kubernetes: object({ versions: listOf(object(version)) }),
  machine_images: listOf(
    object({
      name: string,
      update_strategy: string,
      versions: listOf(object({ ...version, architectures: listOf(string), cri: listOf(named) })),
    }),
  ),
  machine_types: listOf(
    object({
      name: string,
      cpu: integer,
      gpu: integer,
      memory: string,
      architecture: string,
      usable: boolean,
    }),
  ),
  provider_config: object({
    constraints: object({ floating_pools: listOf(named), load_balancer_providers: listOf(named) }),
    dns_servers: listOf(string),
    keystone_urls: listOf(object({ region: string, uri: string })),
    machine_images: listOf(
      object({
        name: string,
        versions: listOf(
          object({ version: string, image: string, regions: listOf(object({ id: string, name: string })) }),
        ),
      }),
    ),
    server_group_policies: listOf(string),
  }),
  regions: listOf(object({ name: string, zones: listOf(named) })),
  volume_types: listOf(object({ name: string, class: string, min_size: string, usable: boolean })),
});

const codes = listOf(
  oneOf(
    "ERR_INFRA_UNAUTHENTICATED",
    "ERR_INFRA_UNAUTHORIZED",
    "ERR_INFRA_QUOTA_EXCEEDED",
    "ERR_INFRA_RATE_LIMITS_EXCEEDED",
    "ERR_INFRA_DEPENDENCIES",
    "ERR_RETRYABLE_INFRA_DEPENDENCIES",
    "ERR_INFRA_RESOURCES_DEPLETED",
    "ERR_CLEANUP_CLUSTER_RESOURCES",
    "ERR_CONFIGURATION_PROBLEM",
    "ERR_RETRYABLE_CONFIGURATION_PROBLEM",
    "ERR_PROBLEMATIC_WEBHOOK",
  ),
);

/** Without times. */
const condition = (...types: readonly string[]) =>
  object({
    type: oneOf(...types),
    status: oneOf("True", "False", "Unknown", "Progressing"),
    reason: string,
    message: string,
    codes,
  });

const label = object({ key: string, value: optional(string) });
const annotation = object({ key: string, value: string });

const shootWith = (labels: Shape, annotations: Shape) =>
  object({
    name: string,
    namespace: string,
    region: string,
    purpose: string,
    cloud_profile_name: string,
    uid: optional(string),
    technical_id: optional(string),
    credentials_binding_name: optional(string),
    allowed_cidrs: optional(listOf(string)),
    kubernetes: object({ version: string, enable_static_token_kubeconfig: optional(boolean) }),
    maintenance: object({
      auto_update: object({ kubernetes_version: boolean, machine_image_version: boolean }),
      time_window: object({ begin: string, end: string }),
    }),
    hibernation: optional(
      object({
        schedules: listOf(
          object({ start: optional(string), end: optional(string), location: optional(string) }),
        ),
      }),
    ),
    control_plane: optional(
      object({ high_availability: object({ failure_tolerance: object({ type: oneOf("node", "zone") }) }) }),
    ),
    networking: object({ type: oneOf("calico", "cilium"), nodes: string }),
    shoot_provider: object({
      type: string,
      control_plane_config: object({ load_balancer_provider: string }),
      infrastructure_config: object({
        floating_pool_name: string,
        networks: object({
          workers: string,
          id: optional(string),
          router: optional(object({ id: optional(string) })),
        }),
      }),
      workers: listOf(
        object({
          name: string,
          machine: object({
            type: string,
            architecture: optional(string),
            image: object({ name: string, version: string }),
          }),
          minimum: integer,
          maximum: integer,
          max_surge: integer,
          max_unavailable: optional(integer),
          volume: object({ size: string }),
          zones: listOf(string),
          labels: optional(labels),
          annotations: optional(annotations),
          taints: optional(
            listOf(
              object({
                key: string,
                value: string,
                effect: oneOf("NoSchedule", "NoExecute", "PreferNoSchedule"),
              }),
            ),
          ),
        }),
      ),
    }),
    last_operation: optional(
      object({
        type: oneOf("Create", "Reconcile", "Delete", "Migrate", "Restore"),
        state: oneOf("Aborted", "Processing", "Pending", "Succeeded", "Error", "Failed"),
        progress: integer,
        description: string,
        last_update_time: dateTime,
      }),
    ),
    status: optional(
      object({
        is_hibernated: boolean,
        conditions: listOf(
          condition(
            "APIServerAvailable",
            "BackupBucketsReady",
            "ControlPlaneHealthy",
            "EveryNodeReady",
            "ExtensionsReady",
            "GardenletReady",
            "ObservabilityComponentsHealthy",
            "SystemComponentsHealthy",
            "SeedSystemComponentsHealthy",
          ),
        ),
        constraints: listOf(
          condition(
            "HibernationPossible",
            "MaintenancePreconditionsSatisfied",
            "CACertificateValiditiesAcceptable",
            "CRDsWithProblematicConversionWebhooks",
            "ManualInPlaceWorkersUpdated",
            "APIServerProxyUsesHTTPProxy",
          ),
        ),
        last_errors: listOf(
          object({ task_id: string, description: string, codes, last_update_time: dateTime }),
        ),
      }),
    ),
  });

export const shoot = shootWith(listOf(label), listOf(annotation));
