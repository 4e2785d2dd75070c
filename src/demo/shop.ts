/** The back office of a small shop: what the demo's server acts on. Kept in memory, gone when it ends. */
interface Order {
  id: number;
  customer: string;
  item: string;
  amount: number;
  refunded: number;
}

/** An operation that changes something says what it did: the demo compares that with the audit log. */
export class Shop {
  private readonly orders: Order[] = [
    { id: 1041, customer: 'c-17', item: 'desk lamp', amount: 49.9, refunded: 0 },
    { id: 1042, customer: 'c-23', item: 'office chair', amount: 229, refunded: 0 },
    { id: 1043, customer: 'c-08', item: 'cable set', amount: 18.5, refunded: 0 },
  ];
  private readonly did: (what: string) => void;

  constructor(did: (what: string) => void) {
    this.did = did;
  }

  list(): string {
    return this.orders.map(({ id, item, amount }) => `#${id} ${item}, ${amount.toFixed(2)} EUR`).join('\n');
  }

  order(id: number): Order {
    const order = this.orders.find((one) => one.id === id);
    if (order === undefined) throw new Error(`There is no order #${id}.`);
    return order;
  }

  refund(id: number, amount: number): string {
    const order = this.order(id);
    if (amount <= 0 || order.refunded + amount > order.amount) {
      throw new Error(`Order #${id} cannot be refunded by ${amount}.`);
    }
    order.refunded += amount;
    return this.done(`refunded ${amount.toFixed(2)} EUR of order #${id}`);
  }

  deleteCustomer(customer: string): string {
    return this.done(`deleted customer ${customer} and all of their orders`);
  }

  mail(list: string, subject: string): string {
    return this.done(`mailed "${subject}" to ${list}`);
  }

  deploy(version: string, environment: string): string {
    return this.done(`deployed ${version} to ${environment}`);
  }

  private done(what: string): string {
    this.did(what);
    return `Done: ${what}.`;
  }
}
