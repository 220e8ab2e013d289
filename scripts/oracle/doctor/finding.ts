import { toNumeraireError } from "../../../sdk/decode-error.js";

/** How a thing that was checked is. */
export type Health = "ok" | "warning" | "broken" | "skipped";

/** What a check found. */
export interface Finding {
  /** What was checked, e.g. "balance". */
  check: string;
  health: Health;
  /** What was found, and where it is not ok, what was expected. */
  found: string;
  /** What to do about it; absent where nothing is. */
  fix?: string;
}

/** It is as it should be. */
export function ok(check: string, found: string): Finding {
  return { check, health: "ok", found };
}

/** It works now and may not later. */
export function warning(check: string, found: string, fix: string): Finding {
  return { check, health: "warning", found, fix };
}

/** Something will not work until it is mended. */
export function broken(check: string, found: string, fix: string): Finding {
  return { check, health: "broken", found, fix };
}

/** It could not be looked at, for a reason that another finding tells. */
export function skipped(check: string, found: string): Finding {
  return { check, health: "skipped", found };
}

/** Runs a check; one that fails itself is a finding as well. */
export async function attempt(check: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    const { message, hint } = toNumeraireError(error);
    return broken(check, message, hint);
  }
}
