import { constants } from "node:fs";
import { lstat, open, type FileHandle } from "node:fs/promises";
import path from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { safePath, WORK } from "./sandbox.js";
import { scanFolder, type FolderScan } from "./scan-folder.js";

/** Files and folders that a job may have. */
const ENTRIES = 10_000;
/** Folders within folders. */
const DEPTH = 32;

/**
 * What a job has in its folder. Files whose paths cannot be asked for are counted, and not named.
 * @param folder The job's folder.
 * @param diskBytes Most that it may have.
 */
export async function scanJob(folder: string, diskBytes: number): Promise<FolderScan> {
  const work = path.join(folder, WORK);
  const scan = await scanFolder(work, { entries: ENTRIES, depth: DEPTH, bytes: diskBytes });
  return { ...scan, files: scan.files.filter((file) => canBeAsked(work, file)) };
}

/**
 * Opens a file that a job left. The job chose what lies there: no link is followed, on no part of the way.
 * @param folder The job's folder.
 * @throws {NumeraireError} for a path out of the folder, a link, or what is no file.
 */
export async function openJobFile(folder: string, relative: string): Promise<{ handle: FileHandle; bytes: number }> {
  const work = path.join(folder, WORK);
  const file = safePath(work, relative);
  for (let above = path.dirname(file); above !== work; above = path.dirname(above)) {
    const status = await lstat(above).catch(() => undefined);
    if (status?.isDirectory() !== true) throw notFound(relative);
  }
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => {
    throw notFound(relative);
  });
  const status = await handle.stat();
  if (status.isFile()) return { handle, bytes: status.size };
  await handle.close();
  throw notFound(relative);
}

function canBeAsked(work: string, file: string): boolean {
  try {
    safePath(work, file);
    return true;
  } catch {
    return false;
  }
}

function notFound(relative: string): NumeraireError {
  return new NumeraireError(`file ${JSON.stringify(relative)}: found none that the job left`, {
    hint: "List the job's files first.",
  });
}
