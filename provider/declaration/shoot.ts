/** `shoot` of a program: which Shoot. */
import type { ShootArgs } from "../args";
import { SHOOT_FORMS, type ShootReference } from "../model/declaration";
import type { Fields, Json, Keys } from "./fields";

const shootKeys: Keys<ShootArgs> = { project: true, namespace: true, name: true, id: true };

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
