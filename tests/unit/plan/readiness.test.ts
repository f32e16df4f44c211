import { expect } from "chai";
import type { Shoot } from "../../../provider/model/shoot";
import { readiness } from "../../../provider/plan/readiness";
import { aCondition, aLastOperation, aShoot } from "../builders";

const found = (parts: Partial<Shoot>) =>
  readiness(aShoot(parts)).map(({ code, severity }) => `${code} ${severity}`);

describe("readiness", () => {
  it("reports nothing for a healthy Shoot without an operation", () => {
    expect(found({})).to.deep.equal([]);
  });

  it("prevents every write while the Shoot is being deleted or held", () => {
    expect(found({ deletionTimestamp: new Date() })).to.deep.equal(["GU030 error"]);
    expect(found({ annotations: { "pulumi-gardener.io/hold": "" } })).to.deep.equal(["GU045 error"]);
  });

  it("reports an operation in progress with Gardener's description", () => {
    const lastOperation = aLastOperation({
      state: "Processing",
      progress: 42,
      description: "Waiting until\n workers are ready",
    });
    expect(readiness(aShoot({ lastOperation })).map(({ message }) => message)).to.deep.equal([
      "garden-demo/web: Reconcile in progress, 42 %: Waiting until workers are ready.",
    ]);
  });

  it("warns of an operation with an error, a failed one, and a missing one", () => {
    expect(found({ lastOperation: aLastOperation({ state: "Error" }) })).to.deep.equal(["GU044 warning"]);
    expect(found({ lastOperation: aLastOperation({ state: "Failed" }) })).to.deep.equal(["GU044 warning"]);
    expect(found({ lastOperation: undefined })).to.deep.equal(["GU044 warning"]);
  });

  it("prefers Gardener's last error to the operation's description", () => {
    const lastErrors = [{ description: "quota exceeded", codes: ["ERR_INFRA_QUOTA_EXCEEDED"] }];
    const [problem] = readiness(aShoot({ lastOperation: aLastOperation({ state: "Failed" }), lastErrors }));
    expect(problem?.message).to.equal(
      "garden-demo/web: the last operation, Reconcile, has failed: quota exceeded.",
    );
  });

  it("warns of conditions that are not True, and reports those in progress", () => {
    expect(found({ conditions: [aCondition({ status: "False" })] })).to.deep.equal(["GU044 warning"]);
    expect(found({ conditions: [aCondition({ status: "Unknown" })] })).to.deep.equal(["GU044 warning"]);
    expect(found({ conditions: [aCondition({ status: "Progressing" })] })).to.deep.equal(["GU044 info"]);
  });

  it("warns of violated constraints, but not of HibernationPossible", () => {
    const violated = (type: string) => found({ constraints: [aCondition({ type, status: "False" })] });
    expect(violated("MaintenancePreconditionsSatisfied")).to.deep.equal(["GU060 warning"]);
    expect(violated("HibernationPossible")).to.deep.equal([]);
  });

  it("reports hibernation", () => {
    expect(found({ hibernation: { enabled: true, hibernated: true } })).to.deep.equal(["GU044 info"]);
    expect(found({ hibernation: { enabled: false, hibernated: true } })).to.deep.equal(["GU044 info"]);
  });

  it("reports ignored ManagedResources under both names of the constraint", () => {
    for (const type of ["ManagedResourcesHonored", "HasIgnoredManagedResources"]) {
      const [problem] = readiness(aShoot({ constraints: [aCondition({ type, status: "False" })] }));
      expect(problem?.message, type).to.match(/ignored are not updated with the cluster\.$/);
    }
  });

  it("does not report a constraint that was not checked", () => {
    const reason = "ConstraintNotChecked";
    expect(
      found({ constraints: [aCondition({ type: "ManagedResourcesHonored", status: "False", reason })] }),
    ).to.deep.equal([]);
  });

  it("warns that preserved machines never get the new version", () => {
    const constraint = aCondition({ type: "PreservedFailedMachinesAbsent", status: "False" });
    const [problem] = readiness(aShoot({ constraints: [constraint] }));
    expect(problem?.message).to.contain("never gets the new version");
  });

  it("reports that Gardener refuses changes during a migration of the control plane", () => {
    for (const type of ["Migrate", "LiveMigrate", "Restore"] as const) {
      const [problem] = readiness(aShoot({ lastOperation: aLastOperation({ type, state: "Processing" }) }));
      expect(problem?.severity, type).to.equal("info");
      expect(problem?.message, type).to.contain("Gardener refuses changes until that is complete");
    }
  });

  it("warns of a migration that has failed, but not of one that is pending", () => {
    const severity = (state: "Pending" | "Failed") =>
      found({ lastOperation: aLastOperation({ type: "Migrate", state }) });
    expect(severity("Pending")).to.deep.equal(["GU044 info"]);
    expect(severity("Failed")).to.deep.equal(["GU044 warning"]);
  });
});

describe("the messages of the readiness", () => {
  const message = (parts: Partial<Shoot>) => readiness(aShoot(parts))[0]?.message;
  const operation = (...[parts]: Parameters<typeof aLastOperation>) =>
    message({ lastOperation: aLastOperation({ description: "", ...parts }) });

  it("tell an error that Gardener retries from a failure and an abort", () => {
    const last = "garden-demo/web: the last operation, Reconcile,";
    expect(operation({ state: "Error" })).to.equal(`${last} reported an error, and Gardener retries it.`);
    expect(operation({ state: "Failed" })).to.equal(`${last} has failed.`);
    expect(operation({ state: "Aborted" })).to.equal(`${last} has been aborted.`);
  });

  it("have Gardener's description in one line, without spaces around it", () => {
    expect(operation({ state: "Failed", description: " quota\n exceeded. See v1.2. " })).to.equal(
      "garden-demo/web: the last operation, Reconcile, has failed: quota exceeded. See v1.2.",
    );
  });

  it("name the hold with its reason, where it has one", () => {
    const held = "garden-demo/web is held by the annotation pulumi-gardener.io/hold";
    const hold = (reason: string) => message({ annotations: { "pulumi-gardener.io/hold": reason } });
    expect(hold("")).to.equal(`${held}; nothing is written while it is there.`);
    expect(hold("freeze")).to.equal(`${held}: "freeze"; nothing is written while it is there.`);
  });

  it("describe a condition by its message, else its reason, where it has any", () => {
    const condition = (text: string, reason: string) =>
      message({ conditions: [aCondition({ status: "False", message: text, reason })] });
    const prefix = "garden-demo/web: condition EveryNodeReady is False";
    expect(condition(" node-1.a is down. ", "Down")).to.equal(`${prefix} (node-1.a is down).`);
    expect(condition("", "NodesDown")).to.equal(`${prefix} (NodesDown).`);
    expect(condition("", "")).to.equal(`${prefix}.`);
  });
});
