/** What a kind adds to the steps in which its objects are stored. */
import type { Store } from "../api/store";
import type { User } from "../api/users";
import type { JsonMap } from "../json";
import type { FieldErrors } from "../validation/field";

export interface Environment {
  readonly store: Store;
  readonly now: Date;
  readonly user: User;
}

/** In the order in which they are applied; objects are changed in place, refusals thrown or collected. */
export interface Rules {
  defaults?(object: JsonMap, environment: Environment): void;
  /** Mutating admission. */
  mutate?(object: JsonMap, old: JsonMap | undefined, environment: Environment): void;
  prepareForCreate?(object: JsonMap, environment: Environment): void;
  prepareForUpdate?(object: JsonMap, old: JsonMap, environment: Environment): void;
  validate?(errors: FieldErrors, object: JsonMap, old: JsonMap | undefined, environment: Environment): void;
  /** Validating admission. `sentSpecDiffers`: the specification as sent differs from the stored one. */
  admit?(object: JsonMap, old: JsonMap | undefined, environment: Environment, sentSpecDiffers: boolean): void;
  admitDelete?(object: JsonMap): void;
  /** What controllers would do right after. */
  reconcile?(object: JsonMap, environment: Environment): void;
  warnings?(object: JsonMap): string[];
}
