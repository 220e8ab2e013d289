import { fileURLToPath } from "node:url";

import type { HardhatUserConfig } from "hardhat/config";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Hardhat with this project's configuration, whatever the working folder.
 * @param network Network that its tasks connect to.
 * @param change What is different from the project's configuration.
 */
export async function hardhatRuntime(
  network: string,
  change: (config: HardhatUserConfig) => HardhatUserConfig = (config) => config,
): Promise<HardhatRuntimeEnvironment> {
  // Loaded where it is needed: it takes seconds.
  const [{ createHardhatRuntimeEnvironment }, { default: config }, { setupLogger }] = await Promise.all([
    import("hardhat/hre"),
    import("../../hardhat.config.js"),
    import("named-logs-console"),
  ]);
  // hardhat-deploy turned its log on when the configuration loaded it; programs say themselves what they do.
  setupLogger(["rocketh", "@rocketh/node"], { enabled: false });
  return createHardhatRuntimeEnvironment(change(config), { network }, PROJECT);
}
