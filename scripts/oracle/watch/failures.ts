import { toNumeraireError } from "../../../sdk/decode-error.js";
import type { Log } from "../../terminal/log.js";
import type { Attention } from "./attentions.js";
import { backOff } from "./back-off.js";
import { failureKind, type FailureKind } from "./failure-kind.js";
import type { Failures, Memory } from "./memory.js";

/** Failures in a row after which a person should look at what may mend itself. */
const MANY = 3;
/** These do not mend themselves. */
const LASTING: readonly FailureKind[] = ["attention", "refused", "unexpected"];

/** Counts a failure of a round, says it, and leaves the round alone for a while. */
export function recordFailure(
  memory: Memory,
  roundId: bigint,
  error: unknown,
  { interval, logOf }: { interval: number; logOf: (roundId: bigint) => Log },
): void {
  const count = (memory.failures.get(roundId)?.count ?? 0) + 1;
  const pause = backOff(count, interval);
  const { message, hint } = toNumeraireError(error);
  const kind = failureKind(error);
  memory.failures.set(roundId, { count, kind, message: `${message}; ${hint}`, retryAt: Date.now() + pause });
  logOf(roundId).warn(`failed (${kind}), again in ${Math.ceil(pause / 1000)} s: ${message}; ${hint}`);
  // A mistake of the program: only its place helps to mend it.
  if (kind === "unexpected" && error instanceof Error) logOf(roundId).warn(error.stack ?? error.message);
}

/** What a person has to know of a round's failures. */
export function failureAttention(failures: Failures | undefined): Attention[] {
  if (failures === undefined || (failures.count < MANY && !LASTING.includes(failures.kind))) return [];
  const { count, message } = failures;
  return [{ kind: "failing", message: `failed ${count === 1 ? "once" : `${count} times in a row`}: ${message}` }];
}
