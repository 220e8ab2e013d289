/** Unix seconds as people read them, in UTC. */
export function showTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000", "");
}
