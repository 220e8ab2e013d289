import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { buildPackage } from "./build-package.js";
import { FILE_LIST, packedFiles } from "./packed-files.js";

const out = fileURLToPath(new URL("../../dist", import.meta.url));
const deployments = fileURLToPath(new URL("../../deployments", import.meta.url));

await buildPackage({ out, deployments });
if (process.argv.includes("--record"))
  await writeFile(FILE_LIST, `${JSON.stringify(await packedFiles(out), null, 2)}\n`);
console.log("the package is in dist/; npm pack ./dist makes the tarball");
