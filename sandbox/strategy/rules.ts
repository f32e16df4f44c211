/** What a kind adds to the way of its objects into the store. */
import type { Store } from "../api/store";
import type { User } from "../api/users";
import type { JsonMap } from "../json";
import type { FieldError } from "../validation/field";

export interface Environment {
  readonly store: Store;
  readonly now: Date;
  readonly user: User;
  /** Feature gates that are on. */
  readonly gates: readonly string[];
}

/** In the order in which they are asked; objects are changed in place, refusals thrown or returned. */
export interface Rules {
  defaults?(object: JsonMap, environment: Environment): void;
  /** Mutating admission. */
  mutate?(object: JsonMap, old: JsonMap | undefined, environment: Environment): void;
  prepareForCreate?(object: JsonMap, environment: Environment): void;
  prepareForUpdate?(object: JsonMap, old: JsonMap, environment: Environment): void;
  validate?(object: JsonMap, old: JsonMap | undefined, environment: Environment): FieldError[];
  /** Validating admission. `touched`: the specification was sent with other words than it is stored with. */
  admit?(object: JsonMap, old: JsonMap | undefined, environment: Environment, touched: boolean): void;
  admitDelete?(object: JsonMap): void;
  /** What controllers would do right after. */
  settle?(object: JsonMap, environment: Environment): void;
  warnings?(object: JsonMap, old: JsonMap | undefined, environment: Environment): string[];
}
