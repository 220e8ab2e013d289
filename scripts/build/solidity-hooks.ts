import type { SolidityHooks } from "hardhat/types/hooks";

const OWN_SOURCES = "--> project/contracts/";

export default async (): Promise<Partial<SolidityHooks>> => ({
  /** Compiler warnings in our own contracts stop the build, except under coverage, whose instrumentation causes some. */
  async invokeSolc(context, compiler, solcInput, solcConfig, next) {
    const output = await next(context, compiler, solcInput, solcConfig);
    if (context.globalOptions.coverage) return output;
    for (const message of output.errors ?? []) {
      if (message.severity === "warning" && message.formattedMessage?.includes(OWN_SOURCES)) {
        message.severity = "error";
        message.type = "Error";
      }
    }
    return output;
  },

  /** TypeChain writes bindings in the order it is given artifacts; sorting makes every clean build the same. */
  async processArtifactsAfterSuccessfulBuild(_context, artifactPaths) {
    (artifactPaths as string[]).sort();
    return Promise.resolve();
  },
});
