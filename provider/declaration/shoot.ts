/** Which Shoot, in which garden: `shoot` and `garden` of a program. */
import type { CleuraArgs, GardenArgs, ShootArgs } from "../args";
import {
  SHOOT_FORMS,
  type CleuraLocation,
  type GardenLocation,
  type ShootReference,
} from "../model/declaration";
import type { Fields, Json, Keys } from "./fields";

const shootKeys: Keys<ShootArgs> = { project: true, namespace: true, name: true, id: true };
const gardenKeys: Keys<GardenArgs> = { kubeconfig: true, context: true, cleura: true };
const cleuraKeys: Keys<CleuraArgs> = { cloud: true, region: true, projectId: true };

/** How the program names the Shoot; the problems are added to the fields. */
export function parseShoot(value: Json, fields: Fields): ShootReference | undefined {
  const given = fields.object(value, "shoot", shootKeys);
  if (given === undefined) return fields.problem("GU021", "shoot", `name the Shoot as ${SHOOT_FORMS}`);
  const id = fields.text(given.id, "shoot.id");
  const project = fields.text(given.project, "shoot.project");
  const namespace = fields.text(given.namespace, "shoot.namespace");
  const name = fields.text(given.name, "shoot.name");
  if (id !== undefined && project === undefined && namespace === undefined && name === undefined) {
    const parts = id.split("/");
    const [idNamespace, idName] = parts;
    if (parts.length !== 2 || !idNamespace || !idName) {
      return fields.problem("GU021", "shoot.id", `expected "namespace/name", found ${JSON.stringify(id)}`);
    }
    return { kind: "namespace", namespace: idNamespace, name: idName };
  }
  if (id === undefined && name !== undefined) {
    if (project !== undefined && namespace === undefined) return { kind: "project", project, name };
    if (namespace !== undefined && project === undefined) return { kind: "namespace", namespace, name };
    if (namespace === undefined && project === undefined) return { kind: "name", name };
  }
  return fields.problem("GU021", "shoot", `name the Shoot in exactly one way: ${SHOOT_FORMS}`);
}

export function parseGarden(value: Json, fields: Fields): GardenLocation {
  const given = fields.object(value, "garden", gardenKeys) ?? {};
  const kubeconfig = fields.text(given.kubeconfig, "garden.kubeconfig");
  const context = fields.text(given.context, "garden.context");
  if (kubeconfig !== undefined && looksLikeContent(kubeconfig)) {
    // The value is not repeated: it may hold credentials.
    fields.problem(
      "GU021",
      "garden.kubeconfig",
      "expected the path of a kubeconfig, found its content; inputs are stored in state, so name a file here, or set the content as secret with `pulumi config set --secret gardener:kubeconfig`",
    );
    return {};
  }
  const cleura = parseCleura(given.cleura, fields);
  if (cleura === undefined) {
    return { ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) };
  }
  if (kubeconfig !== undefined || context !== undefined) {
    fields.problem("GU021", "garden", "give a kubeconfig or cleura, not both");
  }
  return { cleura };
}

function parseCleura(value: Json, fields: Fields): CleuraLocation | undefined {
  const given = fields.object(value, "garden.cleura", cleuraKeys);
  if (given === undefined) return undefined;
  const part = (key: keyof CleuraLocation) => {
    const text = fields.text(given[key], `garden.cleura.${key}`);
    if (text === undefined || /^[\w.-]{1,100}$/.test(text)) return text;
    return fields.problem(
      "GU021",
      `garden.cleura.${key}`,
      `expected up to 100 letters, digits, ".", "_" and "-", found ${JSON.stringify(text.slice(0, 40))}`,
      text,
    );
  };
  const [cloud, region, projectId] = [part("cloud"), part("region"), part("projectId")];
  return {
    ...(cloud !== undefined && { cloud }),
    ...(region !== undefined && { region }),
    ...(projectId !== undefined && { projectId }),
  };
}

/** A kubeconfig or a token, in clear or in base64. */
function looksLikeContent(text: string): boolean {
  return (
    /\n|apiVersion|[{}]/.test(text) ||
    /^(ey[\w-]{8,}\.|YXBp|ewo|LS0t)/.test(text) ||
    /^[\w+/=-]{120,}$/.test(text)
  );
}
