import { Command, InvalidArgumentError } from "commander";

import { toNumeraireError } from "../../sdk/decode-error.js";
import { hardhatRuntime } from "../chain/hardhat-runtime.js";
import { networkNamed } from "../chain/networks.js";
import { print, reportFailure, withCommonOptions, type CommonOptions } from "../terminal/command-line.js";
import { streamLog } from "../terminal/log.js";
import { plural } from "../terminal/plural.js";
import { readSources } from "./read-sources.js";
import { SERVICES, verifySource, type Service } from "./verify-source.js";

interface Options extends CommonOptions {
  services: readonly Service[];
}

const program = withCommonOptions(new Command("verify-source"), "--network sepolia --services sourcify,blockscout")
  .description("have block explorers show the source of what was deployed")
  .option("--services <names>", "explorers to ask, with commas between them", parseServices, [...SERVICES])
  .addHelpText("after", "\nExit codes: 0 all verified, 1 error, 2 an explorer refuses a contract.")
  .action(run);

async function run(options: Options): Promise<void> {
  const { network, services } = options;
  networkNamed(network);
  const sources = await readSources("deployments", network);
  // The deployer's key is not needed, and so not asked for.
  const hre = await hardhatRuntime(network, (config) => {
    const settings = config.networks?.[network];
    if (settings?.type !== "http") return config;
    return { ...config, networks: { ...config.networks, [network]: { ...settings, accounts: "remote" } } };
  });
  const results = await verifySource(hre, sources, { services, log: streamLog(process.stderr) });
  const refused = results.filter(({ verified }) => !verified).length;
  print(options, results, `${plural(results.length - refused, "contract")} verified, ${refused} refused`);
  if (refused > 0) process.exitCode = 2;
}

function parseServices(text: string): Service[] {
  return text.split(",").map((name) => {
    const service = SERVICES.find((one) => one === name.trim());
    if (service === undefined) throw new InvalidArgumentError(`expected some of ${SERVICES.join(",")}`);
    return service;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(toNumeraireError(error));
}
