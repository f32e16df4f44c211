import { expect } from "chai";
import {
  createWriteGenerations,
  type WriteGenerations,
} from "../../../../provider/garden/cleura/polling/generations";
import type { LastOperation, Shoot } from "../../../../provider/model/shoot";
import { aLastOperation, aShoot } from "../../builders";
import { change, FROM, TO } from "./history";

const HOUR = 3_600_000;

describe("generations of a Shoot that has none in the API", () => {
  let now: number;
  let writeGenerations: WriteGenerations;

  beforeEach(() => {
    now = Date.parse("2026-11-23T10:00:00Z");
    writeGenerations = createWriteGenerations({ now: () => new Date(now), sleep: () => Promise.resolve() });
  });

  const at = (time: string) => new Date(`2026-11-23T${time}Z`);
  const shoot = (kubernetesVersion: string, operation: Partial<LastOperation>): Shoot =>
    aShoot({
      generation: 0,
      observedGeneration: 0,
      kubernetesVersion,
      lastOperation: aLastOperation(operation),
    });
  const resting = (version: string) => shoot(version, { lastUpdateTime: at("01:00:00") });
  const processing = (progress: number, time: string, version = TO) =>
    shoot(version, { state: "Processing", progress, lastUpdateTime: at(time) });
  const succeeded = (time: string, version = TO) => shoot(version, { lastUpdateTime: at(time) });

  /** Generation and observed generation of a Shoot as reported. */
  const generations = (reported: Shoot): string => {
    const { generation, observedGeneration } = writeGenerations.apply(reported);
    return `${generation}/${observedGeneration}`;
  };

  it("are those of the answer if the Shoot was not written", () => {
    expect(writeGenerations.apply(resting(FROM))).to.deep.equal(resting(FROM));
  });

  it("count an accepted write that is not observed, although the answer shows the Shoot from before", () => {
    const accepted = writeGenerations.record(change, resting(FROM), resting(FROM));
    expect(accepted).to.include({ generation: 1, observedGeneration: 0, kubernetesVersion: TO });
  });

  it("are those from before the write while a read shows the former spec", () => {
    writeGenerations.record(change, resting(FROM), resting(FROM));
    expect(generations(resting(FROM))).to.equal("0/0");
  });

  it("count the write after five minutes: another user has reverted the change", () => {
    writeGenerations.record(change, resting(FROM), resting(FROM));
    now += 5 * 60_000;
    expect(generations(resting(FROM))).to.equal("1/0");
  });

  it("are not observed by a success from before the write", () => {
    writeGenerations.record(change, resting(FROM), resting(FROM));
    now += HOUR;
    expect(generations(resting(TO))).to.equal("1/0");
  });

  it("are observed by any later operation if the Shoot was at rest", () => {
    writeGenerations.record(change, resting(FROM), resting(FROM));
    expect(generations(processing(10, "10:00:05"))).to.equal("1/1");
    expect(generations(succeeded("10:09:00"))).to.equal("1/1");
  });

  it("are observed by an operation that ran between two reads", () => {
    writeGenerations.record(change, resting(FROM), resting(FROM));
    expect(generations(succeeded("10:00:05"))).to.equal("1/1");
  });

  it("are not observed by a read that is older than an earlier one", () => {
    writeGenerations.record(change, resting(FROM), resting(FROM));
    expect(generations(processing(10, "10:00:05"))).to.equal("1/1");
    expect(generations(resting(TO))).to.equal("1/0");
  });

  describe("with an operation that runs at the write", () => {
    beforeEach(() => {
      const before = processing(40, "10:00:00", FROM);
      writeGenerations.record(change, before, before);
    });

    it("are not observed by its success", () => {
      expect(generations(processing(60, "10:01:00"))).to.equal("1/0");
      expect(generations(succeeded("10:02:00"))).to.equal("1/0");
    });

    it("are observed by one that begins after that success", () => {
      generations(succeeded("10:02:00"));
      expect(generations(processing(0, "10:02:05"))).to.equal("1/1");
    });

    it("are observed by another one, recognised by its progress", () => {
      generations(processing(5, "10:02:05"));
      expect(generations(processing(8, "10:02:08"))).to.equal("1/1");
    });

    it("are observed by an attempt that follows an error", () => {
      generations(shoot(TO, { state: "Error", progress: 40, lastUpdateTime: at("10:02:00") }));
      expect(generations(processing(60, "10:02:05"))).to.equal("1/1");
    });

    it("are observed by a success that lasts for a minute", () => {
      generations(succeeded("10:02:00"));
      now += 59_000;
      expect(generations(succeeded("10:02:00"))).to.equal("1/0");
      now += 1_000;
      expect(generations(succeeded("10:02:00"))).to.equal("1/1");
    });
  });

  it("are observed by a success that lasts, also with older reads in between", () => {
    const before = processing(40, "10:00:00", FROM);
    writeGenerations.record(change, before, before);
    generations(succeeded("10:02:00"));
    now += 30_000;
    expect(generations(processing(40, "10:00:00"))).to.equal("1/0");
    now += 30_000;
    expect(generations(succeeded("10:02:00"))).to.equal("1/1");
  });

  it("are observed only by a success that lasts if an operation began during the write", () => {
    writeGenerations.record(change, resting(FROM), processing(0, "10:00:00"));
    expect(generations(succeeded("10:05:00"))).to.equal("1/0");
    now += 60_000;
    expect(generations(succeeded("10:05:00"))).to.equal("1/1");
  });

  it("are not observed by an operation that ran before the change was seen", () => {
    writeGenerations.record(change, resting(FROM), resting(FROM));
    generations(processing(10, "10:00:01", FROM));
    expect(generations(succeeded("10:01:00"))).to.equal("1/0");
  });

  it("count a second write, of a pool's image after Kubernetes", () => {
    writeGenerations.record(change, resting(FROM), resting(FROM));
    generations(succeeded("10:05:00"));
    const image = {
      ...change,
      kubernetesVersion: undefined,
      workers: [{ name: "pool-a", machineImage: { name: "gardenlinux", version: "1592.14.0" } }],
    };
    const accepted = writeGenerations.record(image, succeeded("10:05:00"), succeeded("10:05:00"));
    expect(accepted).to.include({ generation: 2, observedGeneration: 1 });
    expect(accepted.workers[0]?.machineImage.version).to.equal("1592.14.0");
    expect(generations(succeeded("10:05:00"))).to.equal("1/1");
    expect(generations({ ...accepted, ...pick(succeeded("10:09:00")) })).to.equal("2/2");
  });

  it("stay observed when another user changes the fields of a completed write", () => {
    writeGenerations.record(change, resting(FROM), resting(FROM));
    generations(succeeded("10:05:00"));
    expect(generations(succeeded("11:05:00", FROM))).to.equal("1/1");
  });

  describe("with a write whose answer was lost", () => {
    beforeEach(() => writeGenerations.recordUnconfirmed(change, resting(FROM)));

    it("do not count it while no read shows it", () => {
      expect(generations(resting(FROM))).to.equal("0/0");
      now += HOUR;
      expect(generations(resting(FROM))).to.equal("0/0");
    });

    it("count it once a read shows it, as not observed", () => {
      expect(generations(resting(TO))).to.equal("1/0");
      now += HOUR;
      expect(generations(resting(TO))).to.equal("1/0");
    });

    it("is observed by an operation that begins after it was seen", () => {
      generations(resting(TO));
      expect(generations(processing(0, "10:00:40"))).to.equal("1/1");
    });

    it("is not observed by an operation that ran when it was seen first, until its success lasts for five minutes", () => {
      expect(generations(processing(10, "10:00:20"))).to.equal("1/0");
      expect(generations(succeeded("10:05:00"))).to.equal("1/0");
      now += 5 * 60_000;
      expect(generations(succeeded("10:05:00"))).to.equal("1/1");
    });

    it("is not observed by a success that was there when it was seen first, until that lasts for five minutes", () => {
      expect(generations(succeeded("10:00:20"))).to.equal("1/0");
      expect(generations(succeeded("10:00:20"))).to.equal("1/0");
      now += 5 * 60_000;
      expect(generations(succeeded("10:00:20"))).to.equal("1/1");
    });

    it("is dropped at the next write", () => {
      const image = {
        ...change,
        kubernetesVersion: undefined,
        workers: [{ name: "pool-a", machineImage: { name: "gardenlinux", version: "1592.14.0" } }],
      };
      expect(writeGenerations.record(image, resting(FROM), resting(FROM))).to.include({ generation: 1 });
    });
  });

  it("start again with another cluster of the same name", () => {
    writeGenerations.record(change, resting(FROM), resting(FROM));
    expect(generations({ ...resting(FROM), uid: "another" })).to.equal("0/0");
  });
});

function pick({ lastOperation }: Shoot): Pick<Shoot, "lastOperation"> {
  return { lastOperation };
}
