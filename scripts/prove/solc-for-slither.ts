import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

interface SolcJs {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } | { error: string } }): string;
  version(): string;
}

/** What Slither needs of a `solc` binary, done by the compiler that builds the project: no second one to trust. */
const solc = createRequire(import.meta.url)("solc") as SolcJs;

if (process.argv.includes("--version")) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else {
  // --standard-json: the input comes on standard input, and names its sources by path.
  const input = JSON.parse(readFileSync(0, "utf8")) as { sources: Record<string, { content?: string }> };
  for (const [path, source] of Object.entries(input.sources)) source.content ??= readFileSync(path, "utf8");
  const read = (path: string) => {
    try {
      return { contents: readFileSync(path, "utf8") };
    } catch (error) {
      return { error: String(error) };
    }
  };
  process.stdout.write(solc.compile(JSON.stringify(input), { import: read }));
}
