import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import path from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { safePath } from "./sandbox.js";

/** Files that a job left, as relative paths; links are not files. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

/**
 * The content of a file that a job left. The job chose what lies there: no link is followed, on no part of the way.
 * @throws {NumeraireError} for a path out of the folder, a link, or what is no file.
 */
export async function readJobFile(folder: string, relative: string): Promise<Buffer> {
  const file = safePath(folder, relative);
  for (let above = path.dirname(file); above !== folder; above = path.dirname(above)) {
    const status = await lstat(above).catch(() => undefined);
    if (status?.isDirectory() !== true) throw notFound(relative);
  }
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => {
    throw notFound(relative);
  });
  try {
    if (!(await handle.stat()).isFile()) throw notFound(relative);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function notFound(relative: string): NumeraireError {
  return new NumeraireError(`file ${JSON.stringify(relative)}: found none that the job left`, {
    hint: "List the job's files first.",
  });
}
