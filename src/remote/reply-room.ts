/** Of all replies together that are no whole message yet: eight of the longest. */
const MOST = 256 * 1024 * 1024;

/** How much is kept for the replies of one server: many at once must not take all memory. */
export class ReplyRoom {
  private readonly held = new Map<object, number>();
  private total = 0;

  /** Takes down what a reply keeps now, in bytes. False: that is more than there is room for. */
  holds(reply: object, bytes: number): boolean {
    this.total += bytes - (this.held.get(reply) ?? 0);
    this.held.set(reply, bytes);
    return this.total <= MOST;
  }

  free(reply: object): void {
    this.total -= this.held.get(reply) ?? 0;
    this.held.delete(reply);
  }
}
