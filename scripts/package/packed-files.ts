import { readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The recorded files of the package, with which a test compares those that are packed. */
export const FILE_LIST = fileURLToPath(new URL("../../test/package/files.json", import.meta.url));

/**
 * What an installed package consists of: its files, and of the program's the folders, e.g. "scripts/chain/*.js".
 * @param folder Folder of the package.
 */
export async function packedFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .map((file) => file.replace(/^(scripts\/.*\/)[^/]*(\.js)$/, "$1*$2"));
  return [...new Set(files)].sort();
}
