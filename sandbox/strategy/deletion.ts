/** Shoots and Projects are deleted only by those who have said so before. */
import { forbidden } from "../api/failure";
import type { Resource } from "../api/resource";
import { type JsonMap, textAt } from "../json";

const CONFIRMATION = "confirmation.gardener.cloud/deletion";
/** What Go's ParseBool takes for true. */
const TRUE = ["1", "t", "T", "true", "TRUE", "True"];

export function confirmedDeletion(resource: Resource, object: JsonMap): void {
  if (TRUE.includes(textAt(object, "metadata", "annotations", CONFIRMATION))) return;
  throw forbidden(
    resource,
    textAt(object, "metadata", "name"),
    `must have a ${JSON.stringify(CONFIRMATION)} annotation to delete`,
  );
}
