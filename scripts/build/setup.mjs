// Installs the locked dependencies, under the pinned Node: an older one would silently leave native binaries out.
// Plain JavaScript, for it runs before anything is installed, under whatever Node the machine has.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";

const LOCK = "package-lock.json";
const STAMP = "node_modules/.installed-lock.json";
// What Hardhat 3 needs.
const OLDEST_MAJOR = 22;
const OLDEST_MINOR = 13;

if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === readFileSync(LOCK, "utf8")) process.exit(0);

const { node } = JSON.parse(readFileSync("package.json", "utf8")).devDependencies;
const [major, minor] = process.versions.node.split(".").map(Number);
const recent = major > OLDEST_MAJOR || (major === OLDEST_MAJOR && minor >= OLDEST_MINOR);
const command = recent ? ["npm", "ci"] : ["npx", "--yes", "--package", `node@${node}`, "--", "npm", "ci"];
console.error(`setup: ${command.join(" ")}`);
const { status, error } = spawnSync(command[0], command.slice(1), {
  stdio: ["ignore", 2, 2], // programs read our standard output
  shell: process.platform === "win32",
});
if (status !== 0) {
  console.error(`setup: ${command[0]} failed${error ? ` (${error.message})` : ""}; its messages are above`);
  process.exit(1);
}
copyFileSync(LOCK, STAMP);
