declare module "gitlab-ci-local/src/schema/schema.js" {
  /** `ci.json`, which GitLab publishes. */
  export const schema: object;
}
