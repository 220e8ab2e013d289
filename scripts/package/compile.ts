import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import ts from "typescript";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What compiling wrote. */
export interface Compiled {
  /** Packages that the compiled code imports. */
  imports: ReadonlySet<string>;
}

/**
 * Compiles the package: JavaScript and declarations of what it exports, JavaScript alone of its programs.
 * @param entries Paths within the repository to start from; what they import comes along.
 * @param generated Sources by path within the repository, which come before files of the same path.
 * @param out Folder to write to, in the repository's layout.
 * @throws {Error} with the compiler's messages when a source does not compile.
 */
export async function compile(
  entries: readonly string[],
  generated: ReadonlyMap<string, string>,
  out: string,
): Promise<Compiled> {
  const options = compilerOptions(out);
  const program = ts.createProgram(
    entries.map((entry) => path.join(ROOT, entry)),
    options,
    hostWith(generated, options),
  );
  const files = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (file, text) => {
    const name = path.relative(out, file);
    if (!(name.startsWith("scripts") && name.endsWith(".d.ts"))) files.set(file, text);
  });
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) {
    throw new Error(
      ts.formatDiagnostics(problems, {
        getCurrentDirectory: () => ROOT,
        getCanonicalFileName: (name) => name,
        getNewLine: () => "\n",
      }),
    );
  }
  for (const [file, text] of files) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return { imports: new Set([...files.values()].flatMap(packagesImported)) };
}

/** The repository's own options, but for what is written. */
function compilerOptions(outDir: string): ts.CompilerOptions {
  const file = path.join(ROOT, "tsconfig.json");
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  return {
    ...options,
    noEmit: false,
    declaration: true,
    newLine: ts.NewLineKind.LineFeed,
    types: ["node"],
    rootDir: ROOT,
    outDir,
  };
}

function hostWith(generated: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const sources = new Map([...generated].map(([name, text]) => [path.join(ROOT, name), text]));
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    fileExists: (file) => sources.has(path.normalize(file)) || host.fileExists(file),
    readFile: (file) => sources.get(path.normalize(file)) ?? host.readFile(file),
    directoryExists: (folder) => existsSync(folder) || [...sources.keys()].some((file) => file.startsWith(folder)),
    getSourceFile: (file, language, ...rest) => {
      const text = sources.get(path.normalize(file));
      return text === undefined
        ? host.getSourceFile(file, language, ...rest)
        : ts.createSourceFile(file, text, language);
    },
  };
}

/** Names of the packages that a compiled file imports, e.g. "@duckdb/node-api". */
function packagesImported(text: string): string[] {
  return ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => !/^(?:\.|node:)/.test(name))
    .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
}
