import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { compiledContracts } from "../build/compiled-contracts.js";
import { generatedPages } from "./generated-pages.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

for (const [page, text] of await generatedPages(await compiledContracts())) {
  const file = path.join(ROOT, page);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
