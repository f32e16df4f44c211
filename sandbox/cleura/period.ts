/** A while that ends by itself, or when somebody ends it. */
export interface Period {
  over(): boolean;
  end(): void;
}

/** `Infinity`: until somebody ends it. Not by the sandbox's clock, which a test may have stopped. */
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
