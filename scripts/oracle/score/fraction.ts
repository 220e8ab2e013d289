/** A non-negative fraction, exact; the denominator is positive. */
export interface Fraction {
  numerator: bigint;
  denominator: bigint;
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compareFractions(a: Fraction, b: Fraction): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The greatest of some fractions; zero of none. */
export function largestFraction(fractions: readonly Fraction[]): Fraction {
  const zero = { numerator: 0n, denominator: 1n };
  return fractions.reduce((a, b) => (compareFractions(a, b) < 0 ? b : a), zero);
}

/** The mean of some fractions; zero of none. */
export function meanFraction(fractions: readonly Fraction[]): Fraction {
  const sum = fractions.reduce<Fraction>(
    (a, b) => ({
      numerator: a.numerator * b.denominator + b.numerator * a.denominator,
      denominator: a.denominator * b.denominator,
    }),
    { numerator: 0n, denominator: 1n },
  );
  const count = fractions.length === 0 ? 1n : BigInt(fractions.length);
  return { numerator: sum.numerator, denominator: sum.denominator * count };
}

/** Enough for another implementation to compare with: a double has about as many. */
const DECIMALS = 12;

/** Decimal string with twelve decimals, rounded down, e.g. "0.120000000000". */
export function formatFraction({ numerator, denominator }: Fraction): string {
  const digits = ((numerator * 10n ** BigInt(DECIMALS)) / denominator).toString().padStart(DECIMALS + 1, "0");
  return `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}
