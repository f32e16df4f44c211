/** Kubernetes' rules for the keys of labels (ValidateObjectMeta). */
import { type JsonMap, map } from "../../json";
import { type FieldError, invalidField } from "../field";

const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** Only the part behind the slash: an extension's type is all that can break them here. */
export function validLabels(shoot: JsonMap): FieldError[] {
  return Object.keys(map(map(shoot.metadata).labels)).flatMap((key) => {
    const name = key.slice(key.indexOf("/") + 1);
    const wrong: string[] = [];
    if (name === "") wrong.push("name part must be non-empty");
    if (name.length > 63) wrong.push("name part must be no more than 63 bytes");
    if (!NAME.test(name)) {
      wrong.push(
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
          "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
          "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      );
    }
    return wrong.map((detail) => invalidField("metadata.labels", key, detail));
  });
}
