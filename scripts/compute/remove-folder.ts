import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Removes a folder that a job wrote to: the system's own program takes apart what is too deep to have a path. */
export async function removeFolder(folder: string): Promise<void> {
  await run("rm", ["-rf", "--", folder]);
}
