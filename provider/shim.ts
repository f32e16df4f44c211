/**
 * The text that Pulumi keeps in state as the dynamic provider of every RollingUpgrade: constant
 * for ever, so that a new release of this package shows no difference and refresh and destroy
 * always run the code that is installed. It captures nothing and reaches the package by its bare
 * name, which the provider's process resolves from the program's folder.
 */
export const providerText = `exports.handler = () => {
  const call = (method) => async (...args) => (await import("pulumi-gardener/provider"))[method](...args);
  return {
    configure(request) { this.config = request.config; },
    check(olds, news) { return call("check")(this.config, olds, news); },
    diff(id, olds, news) { return call("diff")(this.config, id, olds, news); },
    create(inputs) { return call("create")(this.config, inputs); },
    read(id, props) { return call("read")(this.config, id, props); },
    update(id, olds, news) { return call("update")(this.config, id, olds, news); },
    delete(id, props) { return call("remove")(this.config, id, props); },
  };
};
`;
