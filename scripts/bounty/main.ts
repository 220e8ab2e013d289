import { Command } from "commander";

import { toNumeraireError } from "../../sdk/decode-error.js";
import { reportFailure } from "../terminal/command-line.js";
import { awardCommand } from "./commands/award.js";
import { cancelCommand } from "./commands/cancel.js";
import { expireCommand } from "./commands/expire.js";
import { extendCommand } from "./commands/extend.js";
import { fundCommand } from "./commands/fund.js";
import { listCommand } from "./commands/list.js";
import { postCommand } from "./commands/post.js";
import { reclaimCommand } from "./commands/reclaim.js";
import { redeemCommand } from "./commands/redeem.js";
import { rejectCommand } from "./commands/reject.js";
import { releaseCommand } from "./commands/release.js";
import { revokeCommand } from "./commands/revoke.js";
import { showCommand } from "./commands/show.js";
import { signAwardCommand } from "./commands/sign-award.js";
import { submitCommand } from "./commands/submit.js";

const program = new Command("bounty")
  .description("post, fund, win and award bounties of NMR for contributions")
  .addHelpText("after", "\nExit codes: 0 done or nothing to do, 1 error, 2 needs attention.")
  .addCommand(postCommand())
  .addCommand(fundCommand())
  .addCommand(submitCommand())
  .addCommand(awardCommand())
  .addCommand(signAwardCommand())
  .addCommand(redeemCommand())
  .addCommand(revokeCommand())
  .addCommand(rejectCommand())
  .addCommand(releaseCommand())
  .addCommand(extendCommand())
  .addCommand(cancelCommand())
  .addCommand(expireCommand())
  .addCommand(reclaimCommand())
  .addCommand(listCommand())
  .addCommand(showCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(toNumeraireError(error));
}
