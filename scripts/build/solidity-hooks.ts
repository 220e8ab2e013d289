import { availableParallelism } from "node:os";

import type { SolidityHooks } from "hardhat/types/hooks";
import type { Compiler, CompilerInput, CompilerOutput } from "hardhat/types/solidity";
import Tinypool from "tinypool";

const OWN_SOURCES = "--> project/contracts/";

/** Compilers that stay loaded through a build: Hardhat starts one for each file, in a process of its own. */
let pool: Tinypool | undefined;

/** The same compiler, loaded once a thread; a native one is left as it is. */
function inThreads(compiler: Compiler): Compiler {
  if (!compiler.isSolcJs) return compiler;
  const { version, longVersion, compilerPath, isSolcJs } = compiler;
  const compile = async (input: CompilerInput): Promise<CompilerOutput> => {
    pool ??= new Tinypool({
      filename: new URL("./solc-worker.mjs", import.meta.url).href,
      minThreads: 0,
      maxThreads: availableParallelism(),
    });
    const output: unknown = await pool.run({ compilerPath, input: JSON.stringify(input) });
    return JSON.parse(String(output)) as CompilerOutput;
  };
  return { version, longVersion, compilerPath, isSolcJs, compile };
}

/** Gives back the memory; the next build loads them again. */
async function unload(): Promise<void> {
  await pool?.destroy();
  pool = undefined;
}

let isAnnounced = false;

/** The first build takes a minute or more, and the scripts build quietly: one line says what is going on. */
function announce(): void {
  if (isAnnounced) return;
  isAnnounced = true;
  // Programs read our standard output.
  process.stderr.write("compiling the contracts; the first time this takes a minute or more …\n");
}

export default (): Promise<Partial<SolidityHooks>> =>
  Promise.resolve({
    /** Compiles on every processor; Hardhat would leave one idle, which is half of two. */
    async build(context, paths, options, next) {
      try {
        return await next(context, paths, { concurrency: availableParallelism(), ...options });
      } finally {
        await unload();
      }
    },

    /**
     * Compiler warnings in our own contracts stop the build, except under coverage, whose instrumentation causes some;
     * those in the libraries are their authors' to read.
     */
    async invokeSolc(context, compiler, solcInput, solcConfig, next) {
      announce();
      const output = await next(context, inThreads(compiler), solcInput, solcConfig);
      const isOwn = (message: { formattedMessage?: string }) =>
        message.formattedMessage?.includes(OWN_SOURCES) === true;
      const messages = (output.errors ?? []).filter((message) => message.severity === "error" || isOwn(message));
      // Of an empty list Hardhat prints an empty line.
      if (messages.length === 0) delete output.errors;
      else output.errors = messages;
      if (context.globalOptions.coverage) return output;
      for (const message of messages) {
        message.severity = "error";
        message.type = "Error";
      }
      return output;
    },

    /** TypeChain writes bindings in the order it is given artifacts; sorting makes every clean build the same. */
    processArtifactsAfterSuccessfulBuild(_context, artifactPaths) {
      (artifactPaths as string[]).sort();
      return Promise.resolve();
    },
  });
