import { manifest } from "../manifest";

/** `pulumi-gardener/0.1.0`, for the garden's audit log. */
export function userAgent(): string {
  return `pulumi-gardener/${manifest().version}`;
}
