/** Where in Cleura Cloud: cloud, region, project, and the address of the API. */
import type { CleuraLocation } from "../../model/declaration";
import type { ConnectionSources } from "../connection";

export interface CleuraPlace {
  /** `public`, `compliant`, or the name of a private cloud; a segment of the API's paths. */
  readonly cloud: string;
  /** Case-sensitive. */
  readonly region: string;
  readonly projectId: string;
  /** Of the REST API, without a slash at its end. */
  readonly url: string;
}

export function resolveCleura(location: CleuraLocation, sources: ConnectionSources): Promise<CleuraPlace> {
  throw new Error(`not written yet: ${JSON.stringify([location, Object.keys(sources)])}`);
}
