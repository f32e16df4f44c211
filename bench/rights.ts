/** Of a user who may read and upgrade Shoots, and gets no kubeconfig for one: the preflight checks see nothing. */
export const WITHOUT_CLUSTERS = [
  { verbs: ["get", "list", "watch", "patch"], resources: ["*"], apiGroups: ["*"] },
];
