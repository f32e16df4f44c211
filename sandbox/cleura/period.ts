/** A period that ends by itself, or by a call. */
export interface Period {
  over(): boolean;
  end(): void;
}

/** `Infinity`: until `end`. Not by the sandbox's clock, which a test may have stopped. */
export function startPeriod(milliseconds: number): Period {
  const until = performance.now() + milliseconds;
  let ended = milliseconds <= 0;
  return {
    over: () => ended || performance.now() >= until,
    end: () => {
      ended = true;
    },
  };
}
