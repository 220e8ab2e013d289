import { lstat, opendir } from "node:fs/promises";

/** What lies in a folder that a job wrote to. */
export interface FolderScan {
  /** Relative paths of the files; links are not files. */
  files: string[];
  /** Bytes on the disk of all that was found. */
  bytes: number;
  /** What is too much, in words; the scan ended there. Undefined where it saw everything. */
  excess: string | undefined;
}

/** Most that is looked at: a job must not keep the provider busy with what it leaves. */
export interface ScanLimits {
  /** Files, folders and whatever else has a name. */
  entries: number;
  /** Folders within folders. */
  depth: number;
  bytes: number;
}

/** Most bytes of a relative path: a job may make folders too deep for the system to name. */
const PATH_BYTES = 1_024;
/** Names that are looked at at once. */
const BATCH = 256;

/** Looks at all that lies in a folder, links not followed, until something is too much; what vanishes meanwhile is gone. */
export async function scanFolder(folder: string, limits: ScanLimits): Promise<FolderScan> {
  const files: string[] = [];
  let entries = 0;
  let bytes = 0;
  // Names are bytes, which need not be text: a letter stands for each.
  const at = (relative: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(relative, "latin1")]);
  const visit = async (above: string, depth: number): Promise<string | undefined> => {
    const opened = await opendir(at(above), { encoding: "latin1", bufferSize: BATCH }).catch(unlessGone);
    if (opened === undefined) return undefined;
    let names: string[] = [];
    for await (const { name } of opened) {
      names.push(above + name);
      if (names.length < BATCH) continue;
      const excess = await look(names, depth);
      if (excess !== undefined) return excess;
      names = [];
    }
    return look(names, depth);
  };
  const look = async (names: readonly string[], depth: number): Promise<string | undefined> => {
    if (names.some((relative) => relative.length > PATH_BYTES)) return `paths of more than ${PATH_BYTES} bytes`;
    const found = await Promise.all(names.map(async (relative) => lstat(at(relative)).catch(unlessGone)));
    const there = names.flatMap((relative, i) => {
      const status = found[i];
      return status === undefined ? [] : [{ relative, status }];
    });
    entries += there.length;
    for (const { status } of there) bytes += status.blocks * 512;
    if (entries > limits.entries) return `more than ${limits.entries} of them`;
    if (bytes > limits.bytes) return `more than ${limits.bytes} bytes`;
    if (there.length > 0 && depth > limits.depth) return `folders more than ${limits.depth} deep`;
    for (const { relative, status } of there) {
      if (status.isFile()) files.push(Buffer.from(relative, "latin1").toString());
      const excess = status.isDirectory() ? await visit(`${relative}/`, depth + 1) : undefined;
      if (excess !== undefined) return excess;
    }
    return undefined;
  };
  const excess = await visit("", 0);
  return { files: files.sort(), bytes, excess };
}

function unlessGone(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
