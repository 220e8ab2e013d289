import { COMPETITORS, type Competitor } from "./scientists.js";

/** Two whose models perform and two whose models do not: enough to tell a story of the oracle. */
export const SMALL_CAST: readonly Competitor[] = COMPETITORS.filter(({ name }) =>
  ["Prudence", "Pendulum", "Kitchen Sink", "Weatherman"].includes(name),
);
