/** The last day of what applies until a day, such as `2027-01-31`, in UTC. */
export function isOver(until: string, now: Date): boolean {
  return until < now.toISOString().slice(0, 10);
}
