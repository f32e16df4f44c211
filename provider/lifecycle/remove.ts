/** delete: stops managing. The Shoot stays as it is, and nothing is read or written. */
export function remove(): Promise<void> {
  return Promise.resolve();
}
