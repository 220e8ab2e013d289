import type { HardhatPlugin } from "hardhat/types/plugins";

/** Rules every build obeys: warnings in our contracts are errors, and generated bindings come out in one order. */
export const buildRules: HardhatPlugin = {
  id: "build-rules",
  hookHandlers: {
    solidity: () => import("./solidity-hooks.js"),
  },
};
