import { InvalidArgumentError } from "commander";

import type { CommonOptions } from "../terminal/command-line.js";

/** Options of commands about one job. */
export interface JobOptions extends CommonOptions {
  job: string;
}

/** The option that names a job. */
export const JOB = ["--job <id>", "the job, by its id or the beginning of it"] as const;

/** A provider's number off the command line. */
export function parseProviderId(text: string): bigint {
  if (!/^[1-9]\d{0,18}$/.test(text)) throw new InvalidArgumentError("expected the number of a provider, from 1");
  return BigInt(text);
}

/** The address of a provider's service off the command line, without a slash at its end. */
export function parseServiceUrl(text: string): string {
  if (!/^https?:\/\/\S+$/.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError("expected an address such as https://compute.example");
  }
  return text.replace(/\/+$/, "");
}
