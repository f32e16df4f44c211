import { expect } from "chai";
import { check, create } from "../../../provider/lifecycle";
import { UserError } from "../../../provider/model/problem";
import { aShoot, everyCapability } from "../builders";
import { aContext, FakeGarden } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const ADDRESS = "https://api.web.demo.example";
const shoot = { id: "garden-demo/web" };
const minor = { shoot, kubernetes: { version: "1.34" } };

describe("check", () => {
  function contextOf(garden: FakeGarden) {
    const context = aContext(garden);
    const messages = (severity: string) =>
      context.messages.filter((message) => message.severity === severity).map(({ message }) => message);
    return { context, messages };
  }

  /** The preview of a stack that has adopted the Shoot. */
  async function preview(garden: FakeGarden, declaration: object, preview = true) {
    const request = { declaration, run: { reportTo: urn, preview } };
    const { inputs } = await check(
      aContext(garden),
      {},
      { declaration, run: { reportTo: urn, preview: false } },
    );
    await create(aContext(garden), inputs);
    const { context, messages } = contextOf(garden);
    return { ...(await check(context, inputs, request)), messages, all: context.messages };
  }

  /** The Shoot runs a later version, of which the plan warns. */
  const newer = { shoot, kubernetes: { version: "1.32" } };

  it("logs each warning of a plan on its own, and information only in the plan's message", async () => {
    const garden = new FakeGarden();
    const { failures, messages } = await preview(garden, newer);
    expect(failures).to.deep.equal([]);
    expect(messages("info")).to.have.length(1);
    expect(messages("warning")).to.have.length(1);
    expect(messages("warning")[0]).to.match(/^\[GU\d+\] /);
  });

  it("logs the warnings of the plan beside those of its dry run", async () => {
    const garden = new FakeGarden();
    const image = { machineImage: { version: "1592.14.0" } };
    garden.dryRunResults.push({ kind: "accepted", shoot: aShoot(), warnings: ["The pool has one zone"] });
    const { messages } = await preview(garden, { ...newer, ...image });
    expect(messages("warning")).to.have.length(2);
    expect(messages("warning")[1]).to.contain("the garden warns: The pool has one zone");
  });

  it("logs no information as a warning", async () => {
    const garden = new FakeGarden();
    garden.capabilities = { ...everyCapability, dryRun: false };
    const { messages } = await preview(garden, minor);
    expect(messages("info")).to.have.length(2);
    expect(messages("info")[0]).to.contain("not verified by the garden");
    expect(messages("warning")).to.deep.equal([]);
  });

  it("logs nothing in an update, whose preview has shown the plan", async () => {
    const { all, failures } = await preview(new FakeGarden(), newer, false);
    expect(failures).to.deep.equal([]);
    expect(all).to.deep.equal([]);
  });

  it("has only the errors as failures where there are warnings as well", async () => {
    const garden = new FakeGarden();
    const { context } = contextOf(garden);
    const declaration = { ...newer, machineImage: { version: "9999.0.0" } };
    const { failures, inputs } = await check(
      context,
      {},
      { declaration, run: { reportTo: urn, preview: true } },
    );
    expect(failures).to.have.length(1);
    expect(failures[0]?.reason).to.contain("machineImage").and.to.contain("9999.0.0");
    expect(inputs).to.deep.equal({});
    expect(context.messages).to.deep.equal([]);
  });

  for (const [name, request] of Object.entries({
    "no object": undefined,
    "a list": [minor],
    "a text that is no JSON": { literal: "{" },
    "a text of no object": { literal: "[]" },
    "no declaration's row": { declaration: minor, run: { preview: true } },
    "a row that is no text": { declaration: minor, run: { reportTo: 1, preview: true } },
    "no mark of a preview": { declaration: minor, run: { reportTo: urn } },
    "a mark of a preview that is a text": { declaration: minor, run: { reportTo: urn, preview: "true" } },
  })) {
    it(`refuses a request that no RollingUpgrade has made, as a defect and not as a failure: ${name}`, async () => {
      const garden = new FakeGarden();
      const error = await check(aContext(garden), {}, request).catch((thrown: unknown) => thrown);
      expect(error)
        .to.be.instanceOf(Error)
        .with.property(
          "message",
          "A RollingUpgrade was registered without its declaration; create it by its class.",
        );
      expect(garden.dryRuns).to.deep.equal([]);
    });
  }

  it("takes the same request as one text, with what the component has found", async () => {
    const dryRun = { kind: "refused", problems: [{ code: "GU040", severity: "error", message: "quota" }] };
    const apiServer = { server: ADDRESS, certificateAuthority: "PEM", shootUid: aShoot().uid };
    const run = { reportTo: urn, preview: true, shoots: 2, found: JSON.stringify({ apiServer, dryRun }) };
    const request = { declaration: newer, run };
    const answers = [];
    for (const sent of [request, { literal: JSON.stringify(request) }, { literal: request }]) {
      const { context } = contextOf(new FakeGarden());
      answers.push({ ...(await check(context, {}, sent)), messages: context.messages });
    }
    expect(answers[1]).to.deep.equal(answers[0]);
    expect(answers[2]).to.deep.equal(answers[0]);
    expect(answers[0]?.inputs).to.have.property("apiServer").that.has.property("server", ADDRESS);
  });

  it("refuses a declaration that a transformation has added to the text", async () => {
    const literal = JSON.stringify({ declaration: newer, run: { reportTo: urn, preview: true } });
    const sent = { literal, declaration: { adopt: "observe" } };
    const error = await check(aContext(new FakeGarden()), {}, sent).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UserError).with.property("code", "GU021");
  });

  it("fails, and returns no failure, for an error that is no report of the garden", async () => {
    const garden = new FakeGarden();
    garden.getShoot = () => Promise.reject(new TypeError("a defect"));
    const request = { declaration: minor, run: { reportTo: urn, preview: true } };
    const error = await check(aContext(garden), {}, request).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(TypeError);
  });

  for (const found of ["{", "[]", "null", 1]) {
    it(`finds out by itself where the component's report cannot be read: ${JSON.stringify(found)}`, async () => {
      const garden = new FakeGarden();
      const run = { reportTo: urn, preview: true, found };
      const { failures } = await check(aContext(garden), {}, { declaration: minor, run });
      expect(failures).to.deep.equal([]);
    });
  }

  it("returns the address of the cluster's API that the component has found", async () => {
    const apiServer = { server: ADDRESS, certificateAuthority: "PEM" };
    const request = { declaration: minor, run: { reportTo: urn, preview: false } };
    for (const [shootUid, expected] of [
      [aShoot().uid, apiServer],
      ["another", undefined],
    ] as const) {
      const { inputs } = await check(
        aContext(new FakeGarden()),
        {},
        {
          ...request,
          run: { ...request.run, found: JSON.stringify({ apiServer: { ...apiServer, shootUid } }) },
        },
      );
      expect(inputs.apiServer).to.deep.equal(expected);
    }
  });

  for (const [title, clusterAccess, expected] of [
    ["returns it", () => Promise.resolve({ server: ADDRESS }), { server: ADDRESS }],
    [
      "returns no address where the garden cannot report it",
      () => Promise.reject(new UserError("GU005", "unavailable")),
      undefined,
    ],
  ] as const) {
    it(`reads the address of the cluster's API where the component leaves that to it, and ${title}`, async () => {
      const garden = Object.assign(new FakeGarden(), { clusterAccess });
      const run = { reportTo: urn, preview: false, findApiServer: true };
      const { inputs, failures } = await check(aContext(garden), {}, { declaration: minor, run });
      expect(failures).to.deep.equal([]);
      expect(inputs.apiServer).to.deep.equal(expected);
    });
  }

  it("reads no address for a RollingUpgrade of its own", async () => {
    const garden = Object.assign(new FakeGarden(), {
      clusterAccess: () => Promise.resolve({ server: ADDRESS }),
    });
    const run = { reportTo: urn, preview: false };
    const { inputs } = await check(aContext(garden), {}, { declaration: minor, run });
    expect(inputs.apiServer).to.equal(undefined);
  });
});
