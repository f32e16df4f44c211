/** Loaded before everything else: Date is ahead of the machine's clock by SIMULATED_CLOCK_OFFSET_MS, here and in child processes. */
const { now } = Date;
const shifted = () => now() + Number(process.env.SIMULATED_CLOCK_OFFSET_MS ?? 0);

globalThis.Date = class extends Date {
  constructor(...parts) {
    super(...(parts.length === 0 ? [shifted()] : parts));
  }

  static now() {
    return shifted();
  }

  // Node's own modules have the other one.
  static [Symbol.hasInstance](value) {
    return Object.prototype.toString.call(value) === "[object Date]";
  }
};
